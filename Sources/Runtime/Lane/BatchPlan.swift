/// Cuts what came in into the parts that are handed to a step one after another. Pure.
///
/// The order of arrival is kept. A message that was delivered before is a part of its own: if it crashes us, it crashes us alone.
struct BatchPlan: Equatable {
    struct Part: Equatable {
        let range: Range<Int>
        /// It is to be noted as a suspect before it is handled.
        let isSuspect: Bool
    }

    /// - Parameter suspects: for each message whether it was delivered before.
    static func parts(suspects: some Collection<Bool>) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var index = 0
        for isSuspect in suspects {
            if isSuspect {
                if start < index { parts.append(Part(range: start..<index, isSuspect: false)) }
                parts.append(Part(range: index..<index + 1, isSuspect: true))
                start = index + 1
            }
            index += 1
        }
        if start < index { parts.append(Part(range: start..<index, isSuspect: false)) }
        return parts
    }
}
