/// Cuts what came in into the parts that are handed to a step one after another. Pure.
///
/// The order of arrival is kept. A message that may have crashed a process is a part of its own: if it crashes us, it crashes us alone.
struct BatchPlan: Equatable {
    struct Part: Equatable {
        let range: Range<Int>
        /// One message, which is handled alone.
        let isAccused: Bool
    }

    /// - Parameter accused: for each message whether a crash has accused it.
    static func parts(accused: some Collection<Bool>) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var index = 0
        for isAccused in accused {
            if isAccused {
                if start < index { parts.append(Part(range: start..<index, isAccused: false)) }
                parts.append(Part(range: index..<index + 1, isAccused: true))
                start = index + 1
            }
            index += 1
        }
        if start < index { parts.append(Part(range: start..<index, isAccused: false)) }
        return parts
    }
}
