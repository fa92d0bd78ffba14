import FoundationEssentials

@testable import Messages

/// The same verdict by other means: Foundation's decoder for the JSON, and the rules of messages.md on what it gives.
struct UsageEventOracle {
    private let decoder = JSONDecoder()

    /// The event, or nil when it is unreadable.
    func event(_ bytes: [UInt8]) -> Decoded? {
        try? decoder.decode(Decoded.self, from: Data(bytes))
    }

    /// Whether Foundation reads every value of the document, also those that nobody asks for.
    func readsEverything(_ bytes: [UInt8]) -> Bool {
        (try? decoder.decode(Tree.self, from: Data(bytes))) != nil
    }

    struct Refused: Error {}

    struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    /// Walks through a whole document.
    struct Tree: Decodable {
        init(from decoder: any Decoder) throws {
            if let object = try? decoder.container(keyedBy: AnyKey.self) {
                for key in object.allKeys { _ = try object.decode(Tree.self, forKey: key) }
                return
            }
            if var array = try? decoder.unkeyedContainer() {
                while !array.isAtEnd { _ = try array.decode(Tree.self) }
                return
            }
            let value = try decoder.singleValueContainer()
            if value.decodeNil() || (try? value.decode(Bool.self)) != nil { return }
            // Infinity for 1e400 is an error of Foundation's; Decimal and Double differ in what they hold.
            if (try? value.decode(Double.self)) != nil || (try? value.decode(Decimal.self)) != nil { return }
            _ = try value.decode(String.self)
        }
    }

    /// An event as Foundation reads it.
    struct Decoded: Decodable {
        var id, source, organization, service: String
        var time: Int64
        var quantity, tokens: QuantityField
        var hasMetadata: Bool

        init(from decoder: any Decoder) throws {
            let event = try decoder.container(keyedBy: AnyKey.self)
            guard try Self.text(event, "specversion", 0...1024) == "1.0" else { throw Refused() }
            id = try Self.required(event, "id", 1...128)
            source = try Self.required(event, "source", 1...255)
            guard try Self.required(event, "type", 1...128) == "usage.recorded" else { throw Refused() }
            organization = try Self.required(event, "subject", 1...128)
            guard organization.unicodeScalars.allSatisfy({ 0x20...0x7E ~= $0.value }) else { throw Refused() }
            guard let time = EventTime.microseconds(try Self.required(event, "time", 1...1024)) else { throw Refused() }
            self.time = time
            if let type = try Self.text(event, "datacontenttype", 0...1024), !MediaType(type).isJSON { throw Refused() }
            if event.contains("data_base64"), !(try event.decodeNil(forKey: "data_base64")) { throw Refused() }
            let data = try event.nestedContainer(keyedBy: AnyKey.self, forKey: "data")
            service = try Self.required(data, "service", 1...128)
            quantity = try Self.quantity(data, "quantity")
            tokens = try Self.quantity(data, "tokens")
            hasMetadata = try data.contains("metadata") && !data.decodeNil(forKey: "metadata")
            if hasMetadata { _ = try data.nestedContainer(keyedBy: AnyKey.self, forKey: "metadata") }
        }

        private static func text(_ object: KeyedDecodingContainer<AnyKey>, _ name: String, _ bytes: ClosedRange<Int>) throws -> String? {
            guard let text = try object.decodeIfPresent(String.self, forKey: AnyKey(stringValue: name)) else { return nil }
            guard bytes.contains(text.utf8.count), !text.utf8.contains(0) else { throw Refused() }
            return text
        }

        private static func required(_ object: KeyedDecodingContainer<AnyKey>, _ name: String, _ bytes: ClosedRange<Int>) throws -> String {
            guard let text = try text(object, name, bytes) else { throw Refused() }
            return text
        }

        private static func quantity(_ object: KeyedDecodingContainer<AnyKey>, _ name: String) throws -> QuantityField {
            let key = AnyKey(stringValue: name)
            guard object.contains(key), !(try object.decodeNil(forKey: key)) else { return .absent }
            // Decimal, because Foundation's Int64 comes by way of Double and takes 9007199254740993.0 for an even number.
            if let exact = try? object.decode(Decimal.self, forKey: key) {
                guard let whole = Int64(exact.description) else { return .invalid }
                return QuantityField(whole)
            }
            let isOther =
                (try? object.decode(String.self, forKey: key)) != nil || (try? object.decode(Bool.self, forKey: key)) != nil
                || (try? object.nestedContainer(keyedBy: AnyKey.self, forKey: key)) != nil
                || (try? object.nestedUnkeyedContainer(forKey: key)) != nil
            if isOther { throw Refused() }
            throw Unrepresentable()
        }
    }

    /// A number beyond Foundation's types, or no number at all.
    struct Unrepresentable: Error {}
}

extension UsageEventOracle.AnyKey: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { stringValue = value }
}
