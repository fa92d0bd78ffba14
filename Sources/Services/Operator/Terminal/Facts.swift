import Domain
import Messages

/// A named value, told to people and to programs.
struct Fact {
    enum Value {
        case text(String?)
        case number(Int64?)
        /// A number that is not whole, as text.
        case decimal(String)
        case flag(Bool)
        case moment(Moment?)
        case texts([String])
        /// An amount; programs get its currency as a member of its own.
        case amount(Money)
        /// JSON as it was received.
        case json(String?)
    }

    let name: String
    let value: Value

    init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// Empty where there is no value.
    var shown: String {
        switch value {
        case .text(let text): text ?? ""
        case .number(let number): number.map(Figures.grouped) ?? ""
        case .decimal(let text): text
        case .flag(let flag): flag ? "yes" : "no"
        case .moment(let moment): moment.map { EventTime.secondsText(microseconds: $0.microseconds) } ?? ""
        case .texts(let texts): texts.joined(separator: ", ")
        case .amount(let money): money.shown
        case .json(let text): text ?? ""
        }
    }

    fileprivate var isFigure: Bool {
        switch value {
        case .number, .decimal, .amount: true
        case .text, .flag, .moment, .texts, .json: false
        }
    }

    fileprivate func write(to writer: inout JSONWriter) {
        switch value {
        case .text(let text): writer.member(name, ifPresent: text)
        case .number(let number): writer.member(name, ifPresent: number)
        case .decimal(let text): writer.member(name, text)
        case .flag(let flag): writer.member(name, flag)
        case .moment(let moment): writer.member(name, timeIfPresent: moment?.microseconds)
        case .texts(let texts): writer.member(name, ifPresent: texts)
        case .amount(let money): writer.member(name, money.text)
        case .json(let text): writer.member(name, rawIfPresent: text)
        }
    }
}

/// What is known about one thing, in the order in which it is told.
struct Facts {
    let all: [Fact]

    init(_ all: [Fact]) { self.all = all }

    /// A line for each that has a value.
    var lines: [String] {
        let told = all.map { (name: $0.name, shown: $0.shown) }.filter { !$0.shown.isEmpty }
        let width = told.map(\.name.count).max() ?? 0
        return told.map { name, shown in
            "  " + name + String(repeating: " ", count: width - name.count) + "  " + TextTable.printable(shown)
        }
    }

    /// Its members alone, within an object that somebody else begins and ends.
    func writeMembers(to writer: inout JSONWriter) {
        for fact in all { fact.write(to: &writer) }
    }

    subscript(name: String) -> Fact? { all.first { $0.name == name } }
}

/// Things of one kind.
struct FactList {
    /// Which facts people see, by their names, and under which title. Programs get all.
    typealias Column = (name: String, title: String)

    /// The name of the array for programs.
    let name: String
    let columns: [Column]
    let items: [Facts]

    init(_ name: String, _ columns: [Column], _ items: [Facts]) {
        self.name = name
        self.columns = columns
        self.items = items
    }

    var table: TextTable {
        let figures = columns.indices.filter { index in items.first?[columns[index].name]?.isFigure ?? false }
        var table = TextTable(columns.map(\.title), right: Set(figures))
        for item in items { table.add(columns.map { item[$0.name]?.shown ?? "" }) }
        return table
    }

    /// As a member of an object that somebody else begins and ends.
    func writeMember(to writer: inout JSONWriter) {
        writer.name(name)
        writer.beginArray()
        for item in items {
            writer.beginObject()
            item.writeMembers(to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension Session {
    /// Prints a list that a command read with a limit.
    /// - Parameters:
    ///   - limit: the most that are shown; one more in the list tells that there are more.
    ///   - narrower: the options that choose others.
    func show(_ list: FactList, limit: Int64, nothing: String, narrower: String) {
        let shown = FactList(list.name, list.columns, Array(list.items.prefix(Int(limit))))
        let hasMore = list.items.count > shown.items.count
        guard !wantsJSON else {
            print { writer in
                writer.beginObject()
                shown.writeMember(to: &writer)
                writer.member("more", hasMore)
                writer.endObject()
            }
            return
        }
        guard !shown.items.isEmpty else { return console.line(nothing) }
        for line in shown.table.lines { console.line(line) }
        if hasMore { console.line("and more: \(narrower) choose others") }
    }
}

extension Money {
    /// For a person: `261.00 USD`.
    var shown: String { "\(text) \(currency.code)" }
}
