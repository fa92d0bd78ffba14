import CRabbitMQ
import Glibc

/// librabbitmq's codec for methods, with the memory it works in. What `decode` gives is good until the next `decode`.
struct MethodCodec: ~Copyable {
    private let incoming: UnsafeMutablePointer<amqp_pool_t>
    private let outgoing: UnsafeMutablePointer<amqp_pool_t>
    private let scratch: UnsafeMutableRawPointer
    private let scratchSize = 128 * 1024

    init() {
        incoming = .allocate(capacity: 1)
        outgoing = .allocate(capacity: 1)
        scratch = .allocate(byteCount: scratchSize, alignment: 16)
        init_amqp_pool(incoming, 16 * 1024)
        init_amqp_pool(outgoing, 16 * 1024)
    }

    deinit {
        empty_amqp_pool(incoming)
        empty_amqp_pool(outgoing)
        incoming.deallocate()
        outgoing.deallocate()
        scratch.deallocate()
    }

    /// The arguments of a method as librabbitmq's struct for it.
    func decode(_ method: UInt32, _ arguments: UnsafeRawBufferPointer) throws(BrokerError) -> UnsafeMutableRawPointer {
        recycle_amqp_pool(incoming)
        var decoded: UnsafeMutableRawPointer?
        let encoded = amqp_bytes_t(len: arguments.count, bytes: UnsafeMutableRawPointer(mutating: arguments.baseAddress))
        let status = amqp_decode_method(method, incoming, encoded, &decoded)
        guard status == 0, let decoded else { throw .violation("a method that cannot be read (\(method >> 16).\(method & 0xFFFF))") }
        return decoded
    }

    /// Appends a method frame. Everything that `bytes` and `table` made for it is given back.
    func encode<Method: BitwiseCopyable>(_ number: UInt32, _ method: Method, channel: UInt16, into output: inout OutputBuffer)
        throws(BrokerError)
    {
        var method = method
        let size = amqp_encode_method(number, &method, amqp_bytes_t(len: scratchSize, bytes: scratch))
        recycle_amqp_pool(outgoing)
        guard size >= 0 else { throw .invalid("arguments that do not fit a frame") }
        let start = output.beginFrame(.method, channel: channel)
        output.append(number)
        output.append(contentsOf: UnsafeRawBufferPointer(start: scratch, count: Int(size)))
        output.endFrame(start)
    }

    /// A text for the next `encode`; a name of at most 255 bytes.
    func name(_ text: String) throws(BrokerError) -> amqp_bytes_t {
        guard text.utf8.count <= 255 else { throw .invalid("a name above 255 bytes") }
        return bytes(Array(text.utf8))
    }

    /// Bytes for the next `encode`, copied into its pool.
    func bytes(_ source: [UInt8]) -> amqp_bytes_t {
        var target = amqp_bytes_t(len: 0, bytes: nil)
        guard !source.isEmpty else { return target }
        amqp_pool_alloc_bytes(outgoing, source.count, &target)
        target.bytes?.copyMemory(from: source, byteCount: source.count)
        return target
    }

    /// A table for the next `encode`; what cannot be sent is left out. `nested` comes behind the headers, as a table in the table.
    func table(_ headers: Headers, nested: (name: String, headers: Headers)? = nil) throws(BrokerError) -> amqp_table_t {
        var rows: [amqp_table_entry_t] = []
        for entry in headers.entries where entry.value != .unsupported {
            rows.append(amqp_table_entry_t(key: try name(entry.name), value: field(entry.value)))
        }
        if let nested {
            var value = amqp_field_value_t()
            value.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
            value.value.table = try table(nested.headers)
            rows.append(amqp_table_entry_t(key: try name(nested.name), value: value))
        }
        guard !rows.isEmpty, let memory = amqp_pool_alloc(outgoing, rows.count * MemoryLayout<amqp_table_entry_t>.stride) else {
            return amqp_table_t(num_entries: 0, entries: nil)
        }
        let entries = memory.bindMemory(to: amqp_table_entry_t.self, capacity: rows.count)
        for (index, row) in rows.enumerated() { (entries + index).initialize(to: row) }
        return amqp_table_t(num_entries: Int32(rows.count), entries: entries)
    }

    private func field(_ value: FieldValue) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        func kind(_ kind: amqp_field_value_kind_t) { field.kind = UInt8(kind.rawValue) }
        switch value {
        case .bool(let flag):
            kind(AMQP_FIELD_KIND_BOOLEAN)
            field.value.boolean = flag ? 1 : 0
        case .int(let number):
            kind(AMQP_FIELD_KIND_I64)
            field.value.i64 = number
        case .double(let number):
            kind(AMQP_FIELD_KIND_F64)
            field.value.f64 = number
        case .string(let text):
            kind(AMQP_FIELD_KIND_UTF8)
            field.value.bytes = bytes(Array(text.utf8))
        case .bytes(let source):
            kind(AMQP_FIELD_KIND_BYTES)
            field.value.bytes = bytes(source)
        case .timestamp(let seconds):
            kind(AMQP_FIELD_KIND_TIMESTAMP)
            field.value.u64 = seconds
        case .void, .unsupported: kind(AMQP_FIELD_KIND_VOID)
        }
        return field
    }
}

extension amqp_bytes_t {
    var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: len) }
    var text: String { String(decoding: raw, as: UTF8.self) }
}
