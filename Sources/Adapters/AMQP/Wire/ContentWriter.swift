import CRabbitMQ

/// Writes a message straight into the output buffer: publish, content header and as many body frames as it takes.
struct ContentWriter {
    let channel: UInt16
    var frameMax: Int

    /// - Throws: `.invalidArgument`; the buffer is then as it was.
    func write(_ message: borrowing OutgoingMessage, into output: inout OutputBuffer) throws(BrokerError) {
        let mark = output.mark
        do throws(BrokerError) {
            var start = output.beginFrame(.method, channel: channel)
            output.append(AMQP_BASIC_PUBLISH_METHOD)
            output.append(UInt16(0))
            try output.append(shortString: message.exchange)
            try output.append(shortString: message.routingKey)
            output.append(UInt8(message.isMandatory ? 1 : 0))
            output.endFrame(start)

            start = output.beginFrame(.header, channel: channel)
            output.append(UInt16(AMQP_BASIC_CLASS))
            output.append(UInt16(0))
            output.append(UInt64(message.body.count))
            try Self.write(message.properties, into: &output)
            guard output.mark - start + Frame.overhead <= frameMax else { throw .invalid("headers above the frame size") }
            output.endFrame(start)
        } catch {
            output.rewind(to: mark)
            throw error
        }
        writeBody(message.body, into: &output)
    }

    private func writeBody(_ body: [UInt8], into output: inout OutputBuffer) {
        let piece = frameMax - Frame.overhead
        var offset = 0
        while offset < body.count {
            let end = min(body.count, offset + piece)
            let start = output.beginFrame(.body, channel: channel)
            output.append(contentsOf: body[offset..<end])
            output.endFrame(start)
            offset = end
        }
    }

    private static func write(_ properties: Properties, into output: inout OutputBuffer) throws(BrokerError) {
        let flagsAt = output.mark
        var flags: UInt16 = 0
        output.append(flags)
        func text(_ value: String?, _ bit: UInt16) throws(BrokerError) {
            guard let value else { return }
            flags |= 1 << bit
            try output.append(shortString: value)
        }
        try text(properties.contentType, 15)
        try text(properties.contentEncoding, 14)
        if !properties.headers.isEmpty {
            flags |= 1 << 13
            try write(properties.headers, into: &output)
        }
        if let mode = properties.deliveryMode {
            flags |= 1 << 12
            output.append(mode)
        }
        if let priority = properties.priority {
            flags |= 1 << 11
            output.append(priority)
        }
        try text(properties.correlationID, 10)
        try text(properties.replyTo, 9)
        try text(properties.expiration, 8)
        try text(properties.messageID, 7)
        if let timestamp = properties.timestamp {
            flags |= 1 << 6
            output.append(timestamp)
        }
        try text(properties.type, 5)
        try text(properties.userID, 4)
        try text(properties.appID, 3)
        output.setUInt16(flags, at: flagsAt)
    }

    private static func write(_ headers: Headers, into output: inout OutputBuffer) throws(BrokerError) {
        let start = output.mark
        output.append(UInt32(0))
        for entry in headers.entries where entry.value != .unsupported {
            try output.append(shortString: entry.name)
            write(entry.value, into: &output)
        }
        output.setUInt32(UInt32(output.mark - start - 4), at: start)
    }

    private static func write(_ value: FieldValue, into output: inout OutputBuffer) {
        func long(_ kind: Character, _ bytes: UnsafeRawBufferPointer) {
            output.append(kind.asciiValue ?? 0)
            output.append(UInt32(bytes.count))
            output.append(contentsOf: bytes)
        }
        switch value {
        case .bool(let flag):
            output.append(UInt8(ascii: "t"))
            output.append(UInt8(flag ? 1 : 0))
        case .int(let number):
            output.append(UInt8(ascii: "l"))
            output.append(UInt64(bitPattern: number))
        case .double(let number):
            output.append(UInt8(ascii: "d"))
            output.append(number.bitPattern)
        case .string(var text): text.withUTF8 { long("S", UnsafeRawBufferPointer($0)) }
        case .bytes(let bytes): bytes.withUnsafeBytes { long("x", $0) }
        case .timestamp(let seconds):
            output.append(UInt8(ascii: "T"))
            output.append(seconds)
        case .void, .unsupported: output.append(UInt8(ascii: "V"))
        }
    }
}
