import Glibc

/// Writes the elements of one array into memory that is already there.
///
/// Form: dimensions, flag for NULLs, element type; per dimension its length and lower bound; per element its length (-1 for NULL) and
/// bytes. An empty array has no dimension. All numbers are 32 bits, big-endian.
@usableFromInline
struct ArrayWriter {
    @usableFromInline static let headerSize = 20
    @usableFromInline static let emptyHeaderSize = 12

    @usableFromInline let buffer: UnsafeMutableRawBufferPointer
    @usableFromInline var position = 0
    @usableFromInline var written = 0
    @usableFromInline var hasNull = false
    /// The first text element with a NUL character, counted from 0.
    @usableFromInline var nulElement: Int?

    @inlinable
    init(_ buffer: UnsafeMutableRawBufferPointer) {
        self.buffer = buffer
    }

    /// The bytes that were not needed.
    @inlinable
    var unused: Int { buffer.count - position }

    @inlinable
    mutating func start() {
        position = ArrayWriter.headerSize
    }

    @inlinable
    mutating func finish(elementType: UInt32, count: Int) {
        precondition(written == count, "the collection changed while it was encoded")
        store(UInt32(count == 0 ? 0 : 1), at: 0)
        store(UInt32(hasNull ? 1 : 0), at: 4)
        store(elementType, at: 8)
        if count == 0 {
            position = ArrayWriter.emptyHeaderSize
        } else {
            store(UInt32(count), at: 12)
            store(UInt32(1), at: 16)
        }
    }

    @inlinable
    mutating func put<T: FixedWidthInteger>(length: UInt32, _ value: T) {
        precondition(unused >= 4 + MemoryLayout<T>.size, "the collection changed while it was encoded")
        store(length, at: position)
        store(value, at: position + 4)
        position += 4 + MemoryLayout<T>.size
        written += 1
    }

    @inlinable
    mutating func putNull() {
        precondition(unused >= 4, "the collection changed while it was encoded")
        store(UInt32.max, at: position)
        position += 4
        written += 1
        hasNull = true
    }

    @inlinable
    mutating func put(bytes: UnsafeRawBufferPointer) {
        precondition(unused >= 4 + bytes.count, "the collection changed while it was encoded")
        store(UInt32(bytes.count), at: position)
        UnsafeMutableRawBufferPointer(rebasing: buffer[(position + 4)...]).copyMemory(from: bytes)
        position += 4 + bytes.count
        written += 1
    }

    @inlinable
    mutating func put(text: String) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { put(text: UnsafeRawBufferPointer($0)) }
        if done == nil { Array(text.utf8).withUnsafeBytes { put(text: $0) } }
    }

    @usableFromInline
    mutating func put(text: UnsafeRawBufferPointer) {
        if let start = text.baseAddress, memchr(start, 0, text.count) != nil, nulElement == nil { nulElement = written }
        put(bytes: text)
    }

    @inlinable
    func store<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        buffer.storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self)
    }
}
