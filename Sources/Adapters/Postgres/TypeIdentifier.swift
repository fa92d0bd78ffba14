/// The object identifiers of PostgreSQL's built-in types, as in its catalogue file pg_type.dat.
@usableFromInline
enum TypeIdentifier {
    @usableFromInline static let bool: UInt32 = 16
    @usableFromInline static let bytea: UInt32 = 17
    static let char: UInt32 = 18
    static let name: UInt32 = 19
    @usableFromInline static let int8: UInt32 = 20
    @usableFromInline static let int2: UInt32 = 21
    @usableFromInline static let int4: UInt32 = 23
    @usableFromInline static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let tid: UInt32 = 27
    @usableFromInline static let json: UInt32 = 114
    static let unknown: UInt32 = 705
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    @usableFromInline static let date: UInt32 = 1082
    static let timestamp: UInt32 = 1114
    @usableFromInline static let timestamptz: UInt32 = 1184
    static let jsonb: UInt32 = 3802
    /// Types made by `CREATE TYPE` start here; of these only enumerations are read, and those travel as text.
    static let firstUserDefined: UInt32 = 16384

    /// The array type whose elements have this type.
    @usableFromInline
    static func array(of element: UInt32) -> UInt32 {
        switch element {
        case bool: 1000
        case bytea: 1001
        case int2: 1005
        case int4: 1007
        case text: 1009
        case int8: 1016
        case tid: 1010
        case date: 1182
        case timestamptz: 1185
        default: preconditionFailure("no array type is known for type \(element)")
        }
    }
}
