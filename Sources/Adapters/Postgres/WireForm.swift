extension Parameters {
    /// Calls `body` with the arrays libpq wants: pointers (null for NULL), lengths and formats (all binary).
    borrowing func withWireForm<R>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> R
    ) -> R {
        let count = slots.count
        guard count > 0 else { return body(0, nil, nil, nil) }
        precondition(count <= 65_535, "a statement takes at most 65535 parameters")
        return bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count) { numbers in
                    for (index, slot) in slots.enumerated() {
                        values.initializeElement(at: index, to: slot.pointer(into: bytes))
                        numbers.initializeElement(at: index, to: slot.length)
                        numbers.initializeElement(at: count + index, to: 1)
                    }
                    let lengths = UnsafePointer(numbers.baseAddress!)
                    return body(Int32(count), UnsafePointer(values.baseAddress!), lengths, lengths + count)
                }
            }
        }
    }

    /// The types in the order of the parameters.
    var types: [UInt32] { slots.map(\.type) }

    func hasTypes(_ types: [UInt32]) -> Bool {
        slots.count == types.count && zip(slots, types).allSatisfy { $0.type == $1 }
    }
}

extension Parameters.Slot {
    /// Where the value is. An empty value needs some pointer as well, since a null pointer means NULL.
    fileprivate func pointer(into bytes: UnsafeRawBufferPointer) -> UnsafePointer<CChar>? {
        guard offset >= 0 else { return nil }
        guard let start = bytes.baseAddress else { return UnsafePointer(bitPattern: 1) }
        return (start + offset).assumingMemoryBound(to: CChar.self)
    }
}
