/// What the broker answered to a request, copied out of the decoder's memory.
enum Reply {
    case start(mechanisms: String)
    case tune(channelMax: UInt16, frameMax: UInt32, heartbeat: UInt16)
    case queue(QueueInfo)
    case count(Int)
    case got(Delivery)
    case done
}
