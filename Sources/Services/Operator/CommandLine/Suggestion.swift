/// The word that somebody probably meant. Pure.
enum Suggestion {
    /// The nearest candidate, when it is near enough to be a slip.
    static func nearest(_ word: String, among candidates: [String]) -> String? {
        let most = word.utf8.count < 4 ? 1 : max(2, word.utf8.count / 3)
        let ranked = candidates.map { ($0, distance(word, $0)) }.filter { $0.1 <= most }
        return ranked.min { $0.1 < $1.1 }?.0
    }

    /// How many letters must be put in, taken out or changed.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for i in left.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let cost = left[i] == right[j] ? diagonal : min(diagonal, row[j], row[j + 1]) + 1
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[right.count]
    }
}
