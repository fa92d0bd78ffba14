/// A text that is equal to another only when its bytes are, as the database compares identities and names.
///
/// Swift's own comparison takes two spellings of an accented letter for one text: two events of a batch would be one, and the second never
/// charged; two services would have one price. A key marks its texts with it, and its derived comparison is the database's.
@propertyWrapper public struct ExactText: Hashable, Sendable {
    public var wrappedValue: String

    public init(wrappedValue: String) {
        self.wrappedValue = wrappedValue
    }

    /// The same, where no property is marked.
    public init(_ text: String) {
        wrappedValue = text
    }

    /// Goes over the storage: over the UTF-8 views it takes three times as long, and the meter asks several times for every event.
    public static func == (left: ExactText, right: ExactText) -> Bool {
        let (left, right) = (left.wrappedValue.utf8, right.wrappedValue.utf8)
        guard left.count == right.count else { return false }
        let isEqual = left.withContiguousStorageIfAvailable { left in
            right.withContiguousStorageIfAvailable { right in
                for index in left.indices where left[index] != right[index] { return false }
                return true
            }
        }
        return (isEqual ?? nil) ?? left.elementsEqual(right)
    }

    public func hash(into hasher: inout Hasher) {
        var text = wrappedValue
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
