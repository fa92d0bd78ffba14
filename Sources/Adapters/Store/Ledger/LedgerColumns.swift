import Crypto
import Domain
import Postgres

/// The new rows of a step as columns, each with the digest that continues its wallet's chain (`domain.md` 4.5).
struct LedgerColumns {
    private var walletIDs: [Int64] = []
    private var sequences: [Int64] = []
    private var types: [String] = []
    private var amounts: [Int64] = []
    private var balances: [Int64] = []
    private var outcomes: [String?] = []
    private var reasons: [String?] = []
    private var sources: [String?] = []
    private var eventIDs: [String?] = []
    private var services: [String?] = []
    private var quantities: [Int64?] = []
    private var purchases: [String?] = []
    private var occurred: [Int64] = []
    private var created: [Int64] = []
    private var descriptions: [String?] = []
    private var metadata: [String?] = []
    private var digests: [Digest] = []
    private var draws: [String] = []
    private var tokens: [Int64?] = []
    private var canonical = CanonicalBytes()

    var isEmpty: Bool { walletIDs.isEmpty }

    /// Makes room for so many rows at once: arrays that grow by doubling leave as much behind as they hold.
    mutating func reserve(_ rows: Int) {
        walletIDs.reserveCapacity(rows)
        sequences.reserveCapacity(rows)
        types.reserveCapacity(rows)
        amounts.reserveCapacity(rows)
        balances.reserveCapacity(rows)
        outcomes.reserveCapacity(rows)
        reasons.reserveCapacity(rows)
        sources.reserveCapacity(rows)
        eventIDs.reserveCapacity(rows)
        services.reserveCapacity(rows)
        quantities.reserveCapacity(rows)
        purchases.reserveCapacity(rows)
        occurred.reserveCapacity(rows)
        created.reserveCapacity(rows)
        descriptions.reserveCapacity(rows)
        metadata.reserveCapacity(rows)
        digests.reserveCapacity(rows)
        draws.reserveCapacity(rows)
        tokens.reserveCapacity(rows)
    }

    /// Adds a row and answers its digest, which the wallet's next row continues.
    mutating func append(_ row: LedgerRow, after previous: Digest) -> Digest {
        let drawsText = Draws.text(row.draws)
        canonical.clear()
        previous.withBytes { canonical.append(raw: $0) }
        canonical.append(row, draws: drawsText)
        let digest = canonical.bytes.withUnsafeBytes { SHA256.hash($0) }
        walletIDs.append(row.walletID)
        sequences.append(row.sequence)
        types.append(row.type.rawValue)
        amounts.append(row.amount)
        balances.append(row.balanceAfter)
        outcomes.append(row.outcome?.rawValue)
        reasons.append(row.reason)
        sources.append(row.identity?.source)
        eventIDs.append(row.identity?.id)
        services.append(row.service)
        quantities.append(row.quantity)
        purchases.append(row.purchaseReference)
        occurred.append(row.occurredAt.microseconds)
        created.append(row.createdAt.microseconds)
        descriptions.append(row.description)
        metadata.append(row.metadata)
        digests.append(digest)
        draws.append(drawsText)
        tokens.append(row.tokens)
        return digest
    }

    func insertion() -> Request {
        var parameters = Parameters()
        parameters.add(int64s: walletIDs)
        parameters.add(int64s: sequences)
        parameters.add(texts: types)
        parameters.add(int64s: amounts)
        parameters.add(int64s: balances)
        parameters.add(textsOrNil: outcomes)
        parameters.add(textsOrNil: reasons)
        parameters.add(textsOrNil: sources)
        parameters.add(textsOrNil: eventIDs)
        parameters.add(textsOrNil: services)
        parameters.add(int64sOrNil: quantities)
        parameters.add(textsOrNil: purchases)
        parameters.add(timestamps: occurred)
        parameters.add(timestamps: created)
        parameters.add(textsOrNil: descriptions)
        parameters.add(textsOrNil: metadata)
        parameters.add(inlineBytes: digests)
        parameters.add(texts: draws)
        parameters.add(int64sOrNil: tokens)
        return Request(LedgerStatements.insert, parameters)
    }
}
