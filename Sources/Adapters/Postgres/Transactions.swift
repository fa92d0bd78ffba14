extension DatabaseConnection {
    /// Ends a transaction that a failure left open, so that the connection can be used again. Does nothing when none is open.
    /// - Throws: when the session is gone.
    public func rollbackIfNeeded() throws(DatabaseError) {
        switch transactionStatus {
        case .idle: return
        case .open, .failed, .lost: try run("ROLLBACK")
        }
    }

    /// Runs `body` between BEGIN and COMMIT; rolls back when it throws. Two round trips more than `body` needs: where speed matters,
    /// put BEGIN and COMMIT into the first and last pipeline instead.
    /// - Throws: what `body` throws, or the failure of BEGIN or COMMIT. After a lost connection the outcome of the COMMIT is unknown.
    public func transaction<R>(_ body: () throws -> R) throws -> R {
        try run("BEGIN")
        let value: R
        do {
            value = try body()
        } catch {
            // The first error says more than a failed rollback, after which the session is closed anyway.
            try? rollbackIfNeeded()
            throw error
        }
        try run("COMMIT")
        return value
    }
}
