extension Wallet {
    /// Posts the expiry of unheld tokens of a lot, dated its end (`domain.md` 12.1). Whether that is the expiry of the lot itself, after
    /// which it pays for nothing more, is the caller's to say: tokens that a hold let go of are only a part of it.
    mutating func expireUnheld(_ id: Int64, _ tokens: Int64, at moment: Moment) throws(AmountError) {
        guard tokens > 0, let index = lots.firstIndex(where: { $0.id == id }), let end = lots[index].expiresAt else { return }
        precondition(tokens <= lots[index].unheld, "held tokens do not expire")
        lots[index].remaining -= tokens
        journal.noteChanged(id)
        let drawn = [Draw(.lot(id), tokens)]
        try record(.expiry, -tokens, occurredAt: end, at: moment) { $0.draws = drawn }
        announce(.expired(lot: id, tokens: tokens, endedAt: end))
    }

    /// Posts the expiry of every unheld remainder whose end lies at least `lateWindow` back (`domain.md` 12.1); answers how many tokens.
    ///
    /// Until then late events of before the end may spend it. Doing it again changes nothing.
    /// - Throws: `AmountError.overflow`; a retry makes no sense.
    public mutating func expireLots(lateWindow: Span, cause: EventIdentity, at moment: Moment) throws(AmountError) -> Int64 {
        self.cause = cause
        var sum: Int64 = 0
        for lot in lots {
            guard let end = lot.expiresAt, end.adding(lateWindow) <= moment else { continue }
            sum += lot.unheld
            try expireUnheld(lot.id, lot.unheld, at: moment)
            guard !lot.expiryPosted, let index = indexOfLot(lot.id) else { continue }
            lots[index].expiryPosted = true
            journal.noteChanged(lot.id)
        }
        settle(.start, at: moment)
        return sum
    }
}
