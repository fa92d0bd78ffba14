public import Domain

/// The answer to `billing.package_set`: the package as it stands now.
public struct PackageAnswer: Equatable, Sendable {
    /// The package.
    public var package: TokenPackage

    /// An answer.
    public init(package: TokenPackage) {
        self.package = package
    }

    /// The body of a success.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    func write(to writer: inout JSONWriter) {
        writer.member("id", package.id)
        writer.member("name", package.name)
        writer.member("description", package.description)
        writer.member("features", ifPresent: package.features)
        writer.member("catalog", package.catalog)
        writer.member("tokens", package.tokens)
        writer.member("price", package.price.text)
        writer.member("currency", package.currency.code)
        writer.member("is_best_value", package.isBestValue)
        writer.member("is_active", package.isActive)
        writer.member("expiration_days", ifPresent: package.expirationDays)
    }
}
