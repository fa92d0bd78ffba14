/// Everything that the simulator knows, in memory. Changed only inside `Books.change`, which writes down what was changed.
struct BookState: Sendable {
    /// One thing that was put, changed or, where the node is null, taken away.
    struct Change: Sendable {
        let kind: Kind
        let id: String
        let node: Node
        /// Whether it was not there before.
        let isNew: Bool
    }

    /// What is seldom looked at again is kept as JSON: a document of nodes takes several times the room.
    private enum Kept: Sendable {
        case open(Node)
        case packed([UInt8])

        init(_ kind: Kind, _ node: Node) {
            switch kind {
            case .event, .paystackEvent, .balanceTransaction, .idempotencyKey: self = .packed(node.json)
            default: self = .open(node)
            }
        }

        var node: Node? {
            switch self {
            case .open(let node): node
            case .packed(let json): Node(json: json)
            }
        }
    }

    private var objects: [Kind: [String: Kept]] = [:]
    /// Ids in the order in which they came.
    private var order: [Kind: [String]] = [:]
    private var changes: [Change] = []
    /// Keys whose first request is still being worked on. Not written down: with the process the request ends too.
    var keysInFlight: Set<String> = []
    /// After how long what is pending settles by itself.
    var settleMilliseconds: Int64 = 1000
    /// The moment of the current change, milliseconds since 1970.
    var now: Int64 = 0

    var nowSeconds: Int64 { now / 1000 }

    func find(_ kind: Kind, _ id: String) -> Node? { objects[kind]?[id]?.node }

    /// All of a kind, the newest first.
    func all(_ kind: Kind) -> some Sequence<Node> {
        (order[kind] ?? []).reversed().lazy.compactMap { objects[kind]?[$0]?.node }
    }

    func count(_ kind: Kind) -> Int { objects[kind]?.count ?? 0 }

    mutating func put(_ kind: Kind, _ id: String, _ node: Node) {
        changes.append(Change(kind: kind, id: id, node: node, isNew: objects[kind]?[id] == nil))
        apply(kind, id, node)
    }

    /// Puts an object that carries its own id.
    mutating func put(_ kind: Kind, _ node: Node) {
        put(kind, node["id"].text ?? "", node)
    }

    mutating func remove(_ kind: Kind, _ id: String) {
        put(kind, id, .null)
    }

    /// Changes an object that is there, and returns what it has become.
    @discardableResult
    mutating func update(_ kind: Kind, _ id: String, _ change: (inout Node) -> Void) -> Node {
        var node = find(kind, id) ?? [:]
        change(&node)
        put(kind, id, node)
        return node
    }

    mutating func takeChanges() -> [Change] {
        defer { changes = [] }
        return changes
    }

    /// Without noting it as a change: for what is read from the file.
    mutating func apply(_ kind: Kind, _ id: String, _ node: Node) {
        if node.isNull {
            objects[kind]?[id] = nil
            order[kind]?.removeAll { $0 == id }
        } else if objects[kind, default: [:]].updateValue(Kept(kind, node), forKey: id) == nil {
            order[kind, default: []].append(id)
        }
    }
}
