import FoundationEssentials
import Testing

@testable import Messages

#if canImport(Glibc)
    import Glibc
#endif

/// The fast reader against Foundation's JSONDecoder and against our own general reader (quality.md, Bad input).
///
/// `PURSER_FUZZ_INPUTS` sets the number of inputs, `PURSER_FUZZ_SEED` the seed. Where we differ from JSONDecoder on purpose:
/// - A wanted name that stands twice is refused (JSONDecoder takes one of the two).
/// - More than 64 arrays and objects inside one another are refused (JSONDecoder: 512).
/// - JSONDecoder does not look at numbers and strings that nobody asks for; we hold the whole text to the grammar and to UTF-8.
/// - JSONDecoder lets a comma stand before a closing bracket; the grammar does not.
/// - JSONDecoder refuses a lone surrogate in a name that nobody asks for; we ignore what we do not read.
/// - A number that is too large for its types is an error for JSONDecoder and an invalid quantity for us.
/// - UTF-16 and UTF-32, which JSONDecoder detects, are not UTF-8 and so not JSON.
@Suite struct UsageEventFuzzTests {
    static let inputs = environment("PURSER_FUZZ_INPUTS").flatMap { Int($0) } ?? 100_000
    static let seed = environment("PURSER_FUZZ_SEED").flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
    /// Parts run beside one another, each with a seed of its own.
    static let parts = 4

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    @Test(arguments: 0..<parts) func agreesWithFoundationAndWithTheGeneralReader(part: Int) {
        let seed = Self.seed &+ UInt64(part)
        print("usage event fuzz: seed \(Self.seed), part \(part), \(Self.inputs / Self.parts) inputs")
        var generator = UsageEventGenerator(random: SeededGenerator(seed: seed))
        let oracle = UsageEventOracle()
        var accepted = 0
        for _ in 0..<(Self.inputs / Self.parts) {
            let input = generator.next()
            let ours = Result { () throws(UnreadableMessage) in try UsageEventReader.structured(input) }
            let general = Self.general(input)
            if ours != general { Self.report("the general reader says \(general), the fast one \(ours)", input, seed) }
            if let difference = Self.difference(ours, oracle, input) { Self.report(difference, input, seed) }
            if case .success = ours { accepted += 1 }
        }
        // Inputs that are all refused would agree about nothing.
        #expect(accepted > Self.inputs / Self.parts / 10)
    }

    private static func report(_ difference: String, _ input: [UInt8], _ seed: UInt64) {
        Issue.record("seed \(seed): \(difference): \(String(decoding: input, as: UTF8.self)) \(input)")
    }

    private static func general(_ input: [UInt8]) -> Result<UsageRecorded, UnreadableMessage> {
        Result { () throws(UnreadableMessage) in
            try UsageRecorded(try EnvelopeReader.structured(input, in: 0..<input.count, traceparent: nil))
        }
    }

    /// What the two say differently without being meant to; nil when all is well.
    private static func difference(
        _ ours: Result<UsageRecorded, UnreadableMessage>, _ oracle: UsageEventOracle, _ input: [UInt8]
    ) -> String? {
        switch (ours, oracle.event(input)) {
        case (.failure, nil): return nil
        case (.success(let event), let decoded?): return sameValues(event, decoded) ? nil : "Foundation reads \(decoded), we \(event)"
        case (.failure(let error), _?):
            switch error.reason {
            case .duplicateField, .tooDeep: return nil
            case .notUTF8:
                return String(validating: input, as: UTF8.self) == nil ? nil : "the text is UTF-8, and we refuse with \(error)"
            case .notJSON:
                let isUnread =
                    hasTrailingComma(input) || !oracle.readsEverything(input)
                    || faultyToken(input).map { !oracle.readsEverything($0) } ?? false
                return isUnread ? nil : "Foundation accepts, we refuse with \(error)"
            default: return "Foundation accepts, we refuse with \(error)"
            }
        case (.success(let event), nil):
            if oracle.event(withoutWhatFoundationCannotHold(input)) != nil { return nil }
            return "Foundation refuses, we read \(event)"
        }
    }

    private static func hasTrailingComma(_ input: [UInt8]) -> Bool {
        String(decoding: input, as: UTF8.self).contains(/,\s*[\]}]/)
    }

    /// The string or number that breaks the grammar, alone in an array: for when it stands under a name that stands twice,
    /// where Foundation cannot be made to look.
    private static func faultyToken(_ input: [UInt8]) -> [UInt8]? {
        var scan = UsageEventScan(input, 0..<input.count)
        do throws(JSONSyntaxError) {
            try scan.run()
            return nil
        } catch {
            let rest = input[error.offset...]
            switch error.problem {
            case .invalidEscape, .controlCharacter: return Array("[\"".utf8) + rest.prefix(6).prefix { $0 != 0x22 } + Array("\"]".utf8)
            case .invalidNumber, .unexpectedByte:
                let isOfNumber = { (byte: UInt8) in "+-.eE0123456789".utf8.contains(byte) }
                let before = input[..<error.offset].reversed().prefix(while: isOfNumber).reversed()
                return Array("[".utf8) + before + rest.prefix(while: isOfNumber) + Array("]".utf8)
            default: return nil
            }
        }
    }

    private static func sameValues(_ event: UsageRecorded, _ decoded: UsageEventOracle.Decoded) -> Bool {
        event.id == decoded.id && event.source == decoded.source && event.organization == decoded.organization
            && event.time == decoded.time && event.service == decoded.service && event.quantity == decoded.quantity
            && event.tokens == decoded.tokens && (event.metadata != nil) == decoded.hasMetadata
    }

    /// The input with lone surrogates (which we ignore where nobody reads them) made replacement characters, and numbers
    /// with exponents beyond its types (invalid quantities for us) made zero.
    private static func withoutWhatFoundationCannotHold(_ input: [UInt8]) -> [UInt8] {
        var text = String(decoding: input, as: UTF8.self)
        // Not behind a letter or digit: \u002e0001 is no number.
        text = text.replacing(/([:,\[\s])-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{3,}/) { "\($0.1)0" }
        return Array(text.replacing(/\\u[dD][89a-fA-F][0-9a-fA-F]{2}/, with: "\\ufffd").utf8)
    }
}
