/// Where a row's version lies in its table: PostgreSQL's `ctid`. Good until the row is changed, so only as long as it is locked, or
/// protected by another lock, in the transaction that read it.
public struct RowLocation: Hashable, Sendable {
    let block: UInt32
    let offset: UInt16
}

extension Rows {
    /// A `tid`, such as the column `ctid` of a table.
    public func location(_ row: Int, _ column: Int) -> RowLocation {
        withValue(row, column) { type, bytes in
            guard type == TypeIdentifier.tid, bytes.count == 6 else { mismatch(column, "a row's location") }
            return RowLocation(
                block: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)),
                offset: UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)))
        }
    }
}

extension Parameters {
    /// A `tid[]`.
    public mutating func add(locations values: [RowLocation]) {
        addArray(of: TypeIdentifier.tid, values, width: 6) { writer, location in
            let packed = UInt64(location.block) << 32 | UInt64(location.offset) << 16
            withUnsafeBytes(of: packed.bigEndian) { writer.put(bytes: UnsafeRawBufferPointer(rebasing: $0[0..<6])) }
        }
    }
}
