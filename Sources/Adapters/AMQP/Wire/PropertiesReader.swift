/// Reads the properties of a content header.
///
/// This is not left to librabbitmq: `amqp_decode_properties` recurses once per nesting level of a header, so that one message with some
/// ten thousand nested arrays, which any producer may publish, overflows the stack of every consumer that meets it (seen with 0.11 and a
/// stack of 512 KiB). Here nested values are stepped over by their length.
struct PropertiesReader {
    private var contentType = RepeatedText()
    private var type = RepeatedText()
    private var appID = RepeatedText()

    mutating func read(_ payload: UnsafeRawBufferPointer) throws(BrokerError) -> Properties {
        var cursor = Cursor(payload)
        var properties = Properties.none
        let flags = try cursor.uint16()
        guard flags & 1 == 0 else { throw .violation("properties with more flags than AMQP 0-9-1 knows") }
        if flags & 1 << 15 != 0 { properties.contentType = contentType(try cursor.shortString()) }
        if flags & 1 << 14 != 0 { properties.contentEncoding = try cursor.text() }
        if flags & 1 << 13 != 0 { properties.headers = HeadersReader.read(try cursor.longString()) }
        if flags & 1 << 12 != 0 { properties.deliveryMode = try cursor.uint8() }
        if flags & 1 << 11 != 0 { properties.priority = try cursor.uint8() }
        if flags & 1 << 10 != 0 { properties.correlationID = try cursor.text() }
        if flags & 1 << 9 != 0 { properties.replyTo = try cursor.text() }
        if flags & 1 << 8 != 0 { properties.expiration = try cursor.text() }
        if flags & 1 << 7 != 0 { properties.messageID = try cursor.text() }
        if flags & 1 << 6 != 0 { properties.timestamp = try cursor.uint64() }
        if flags & 1 << 5 != 0 { properties.type = type(try cursor.shortString()) }
        if flags & 1 << 4 != 0 { properties.userID = try cursor.text() }
        if flags & 1 << 3 != 0 { properties.appID = appID(try cursor.shortString()) }
        return properties
    }
}
