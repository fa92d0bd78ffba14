/// Array values: one-dimensional, any length, the hot path of batches.
///
/// Every method takes any collection, so that no array is needed in between; elements may be evaluated twice. Over records that hold
/// several texts, `events.indices.lazy.map { events[$0].id }` is twice as fast as `events.lazy.map { $0.id }`, which copies each
/// record whole.
extension Parameters {
    /// A `smallint[]`.
    @inlinable
    public mutating func add(int16s values: some Collection<Int16>) {
        addArray(of: TypeIdentifier.int2, values, width: 2) { $0.put(length: 2, UInt16(bitPattern: $1)) }
    }

    /// An `integer[]`.
    @inlinable
    public mutating func add(int32s values: some Collection<Int32>) {
        addArray(of: TypeIdentifier.int4, values, width: 4) { $0.put(length: 4, UInt32(bitPattern: $1)) }
    }

    /// A `bigint[]`.
    @inlinable
    public mutating func add(int64s values: some Collection<Int64>) {
        addArray(of: TypeIdentifier.int8, values, width: 8) { $0.put(length: 8, UInt64(bitPattern: $1)) }
    }

    /// A `bigint[]` with NULLs.
    @inlinable
    public mutating func add(int64sOrNil values: some Collection<Int64?>) {
        addArray(of: TypeIdentifier.int8, values, width: 8) { writer, value in
            if let value { writer.put(length: 8, UInt64(bitPattern: value)) } else { writer.putNull() }
        }
    }

    /// A `boolean[]`.
    @inlinable
    public mutating func add(bools values: some Collection<Bool>) {
        addArray(of: TypeIdentifier.bool, values, width: 1) { $0.put(length: 1, $1 ? 1 : 0 as UInt8) }
    }

    /// A `boolean[]` with NULLs.
    @inlinable
    public mutating func add(boolsOrNil values: some Collection<Bool?>) {
        addArray(of: TypeIdentifier.bool, values, width: 1) { writer, value in
            if let value { writer.put(length: 1, value ? 1 : 0 as UInt8) } else { writer.putNull() }
        }
    }

    /// A `timestamptz[]` of microseconds since 1970; `Int64.max` and `Int64.min` mean `infinity` and `-infinity`.
    @inlinable
    public mutating func add(timestamps values: some Collection<Int64>) {
        addArray(of: TypeIdentifier.timestamptz, values, width: 8) {
            $0.put(length: 8, UInt64(bitPattern: PostgresEpoch.toServer($1)))
        }
    }

    /// A `timestamptz[]` of microseconds since 1970 with NULLs.
    @inlinable
    public mutating func add(timestampsOrNil values: some Collection<Int64?>) {
        addArray(of: TypeIdentifier.timestamptz, values, width: 8) { writer, value in
            if let value { writer.put(length: 8, UInt64(bitPattern: PostgresEpoch.toServer(value))) } else { writer.putNull() }
        }
    }

    /// A `text[]`. With a NUL character in an element the statement is refused when it is sent.
    @inlinable
    public mutating func add(texts values: some Collection<String>) {
        var total = 0
        for value in values { total += value.utf8.count }
        addArray(of: TypeIdentifier.text, count: values.count, payload: total) { writer in
            for value in values { writer.put(text: value) }
        }
    }

    /// A `text[]` with NULLs.
    @inlinable
    public mutating func add(textsOrNil values: some Collection<String?>) {
        var total = 0
        for value in values { total += value?.utf8.count ?? 0 }
        addArray(of: TypeIdentifier.text, count: values.count, payload: total) { writer in
            for value in values {
                if let value { writer.put(text: value) } else { writer.putNull() }
            }
        }
    }

    /// A `bytea[]`.
    @inlinable
    public mutating func add(byteStrings values: some Collection<[UInt8]>) {
        var total = 0
        for value in values { total += value.count }
        addArray(of: TypeIdentifier.bytea, count: values.count, payload: total) { writer in
            for value in values { value.withUnsafeBytes { writer.put(bytes: $0) } }
        }
    }

    /// A `bytea[]` with NULLs.
    @inlinable
    public mutating func add(byteStringsOrNil values: some Collection<[UInt8]?>) {
        var total = 0
        for value in values { total += value?.count ?? 0 }
        addArray(of: TypeIdentifier.bytea, count: values.count, payload: total) { writer in
            for value in values {
                if let value { value.withUnsafeBytes { writer.put(bytes: $0) } } else { writer.putNull() }
            }
        }
    }

    /// A `bytea[]` whose elements all have the width of `Element` and are its bytes in memory: digests kept inline.
    /// - Precondition: `Element` is a trivial type without padding.
    @inlinable
    public mutating func add<Element: BitwiseCopyable>(inlineBytes values: some Collection<Element>) {
        let width = MemoryLayout<Element>.size
        addArray(of: TypeIdentifier.bytea, count: values.count, payload: values.count * width) { writer in
            for value in values { withUnsafeBytes(of: value) { writer.put(bytes: $0) } }
        }
    }
}

extension Parameters {
    /// An array of elements that are NULL or `width` bytes wide.
    @inlinable
    mutating func addArray<Values: Collection>(
        of element: UInt32, _ values: Values, width: Int, _ put: (inout ArrayWriter, Values.Element) -> Void
    ) {
        let count = values.count
        addArray(of: element, count: count, payload: count * width) { writer in
            for value in values { put(&writer, value) }
        }
    }

    /// Makes room once for the header and the longest form of the elements, lets `body` write them, and cuts what NULLs left over.
    @inlinable
    mutating func addArray(of element: UInt32, count: Int, payload: Int, _ body: (inout ArrayWriter) -> Void) {
        let offset = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: ArrayWriter.headerSize + count * 4 + payload))
        var nulElement: Int?
        let unused = bytes.withUnsafeMutableBytes { all in
            var writer = ArrayWriter(UnsafeMutableRawBufferPointer(rebasing: all[offset...]))
            writer.start()
            body(&writer)
            writer.finish(elementType: element, count: count)
            nulElement = writer.nulElement
            return writer.unused
        }
        bytes.removeLast(unused)
        if let nulElement { noteNUL(element: nulElement) }
        close(from: offset, TypeIdentifier.array(of: element))
    }
}
