/// What the programs of this version expect of the database.
public enum Schema {
    /// The newest migration that they know (`ops/migrations`). An older database is refused; a newer one is fine, because migrations are
    /// compatible with the version before.
    public static let version = 8
}
