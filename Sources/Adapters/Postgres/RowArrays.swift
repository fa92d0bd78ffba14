/// Array values: one-dimensional only.
extension Rows {
    /// A `bigint[]`, `integer[]` or `smallint[]` without NULLs.
    public func int64Array(_ row: Int, _ column: Int) -> [Int64] {
        elements(row, column, "an array of integers") { type, bytes in
            guard let bytes else { return nil }
            switch (type, bytes.count) {
            case (TypeIdentifier.int8, 8): return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
            case (TypeIdentifier.int4, 4): return Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
            case (TypeIdentifier.int2, 2): return Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
            default: return nil
            }
        }
    }

    /// A `text[]` or `varchar[]` without NULLs.
    public func textArray(_ row: Int, _ column: Int) -> [String] {
        elements(row, column, "an array of texts") { type, bytes in
            guard let bytes, type == TypeIdentifier.text || type == TypeIdentifier.varchar else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// A `bigint[]`, `integer[]` or `smallint[]`, or nil for NULL.
    public func int64ArrayOrNil(_ row: Int, _ column: Int) -> [Int64]? {
        isNull(row, column) ? nil : int64Array(row, column)
    }

    /// A `text[]` or `varchar[]`, or nil for NULL.
    public func textArrayOrNil(_ row: Int, _ column: Int) -> [String]? {
        isNull(row, column) ? nil : textArray(row, column)
    }

    /// Reads the form that `ArrayWriter` describes; `decode` gets nil bytes for a NULL and answers nil for what it cannot read.
    private func elements<T>(
        _ row: Int, _ column: Int, _ wanted: String, _ decode: (UInt32, UnsafeRawBufferPointer?) -> T?
    ) -> [T] {
        withValue(row, column) { _, bytes in
            func number(_ offset: Int) -> Int32 {
                guard offset + 4 <= bytes.count else { mismatch(column, wanted) }
                return Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
            }
            let dimensions = number(0)
            if dimensions == 0 && bytes.count == ArrayWriter.emptyHeaderSize { return [] }
            guard dimensions == 1 else { mismatch(column, wanted) }
            let type = UInt32(bitPattern: number(8))
            let count = Int(number(12))
            var offset = ArrayWriter.headerSize
            var values: [T] = []
            values.reserveCapacity(count)
            for _ in 0..<count {
                let length = Int(number(offset))
                offset += 4
                guard offset + max(length, 0) <= bytes.count else { mismatch(column, wanted) }
                let element = length < 0 ? nil : UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
                guard let value = decode(type, element) else { mismatch(column, wanted) }
                values.append(value)
                offset += max(length, 0)
            }
            return values
        }
    }
}
