public import Domain

/// `package.changed`: a package is new, or is sold otherwise than before (product.md P1).
public struct PackageChanged: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.packageChanged

    /// The package as it stands now.
    public var package: TokenPackage
    /// For whom the change was made.
    public var actor: String?

    /// What happened.
    public init(package: TokenPackage, actor: String? = nil) {
        self.package = package
        self.actor = actor
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        PackageAnswer(package: package).write(to: &writer)
        writer.member("actor", ifPresent: actor)
    }
}
