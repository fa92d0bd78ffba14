import Runtime

/// One row of a CSV file with the names of its columns. Pure.
struct CSVRow: Sendable {
    let number: Int64
    let file: String
    let columns: CSVColumns
    let fields: [String]

    /// The content of a column that the header is known to have.
    subscript(column: String) -> String {
        columns.places[column].map { fields[$0] } ?? ""
    }
}

/// The header of a CSV file.
struct CSVColumns: Sendable {
    let names: [String]
    let places: [String: Int]

    /// - Throws: a header that cannot be read or names a column twice.
    init(_ record: [UInt8]) throws(CommandFailure) {
        // Spreadsheets put a byte order mark before the first name.
        let bytes = record.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(record.dropFirst(3)) : record
        do throws(RowProblem) {
            names = try CSVFields.split(bytes)
        } catch {
            throw CommandFailure(.data, "the header: \(error.field) \(error.reason)")
        }
        var places: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            guard places.updateValue(index, forKey: name) == nil else { throw CommandFailure(.data, "the header names \(name) twice") }
        }
        self.places = places
    }

    /// - Throws: a usage failure naming the option and the column that is not there.
    func require(_ columns: [String], _ option: String) throws(CommandFailure) {
        for column in columns where places[column] == nil {
            throw .usage("--\(option): there is no column \(column)", hint: "the header has \(names.joined(separator: ", "))")
        }
    }

    func row(_ record: Record, file: String) throws(RowProblem) -> CSVRow {
        let fields = try CSVFields.split(record.bytes)
        guard fields.count == names.count else {
            throw RowProblem("row", "has \(Figures.count(Int64(fields.count), "field")), the header has \(names.count)")
        }
        return CSVRow(number: record.number, file: file, columns: self, fields: fields)
    }
}
