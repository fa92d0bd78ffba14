/// A strip and its distance from the top of the page.
struct PlacedStrip {
    let strip: Strip
    let y: Double
}

/// Divides strips among pages.
struct Paginator {
    /// Of the part of the page that strips may fill.
    let height: Double

    /// At least one page.
    func pages(of strips: [Strip]) -> [[PlacedStrip]] {
        var filling = Filling(height: height)
        for group in groups(of: strips) {
            let groupHeight = group.reduce(0) { $0 + $1.height }
            // A group higher than a page gains nothing by beginning on a new one.
            if groupHeight <= height, !filling.takes(groupHeight), let first = group.first(where: { !$0.isSpace }) {
                filling.beginPage(under: first.head)
            }
            for strip in group {
                if !strip.isSpace, !filling.takes(strip.height) { filling.beginPage(under: strip.head) }
                filling.place(strip)
            }
        }
        return filling.pages
    }

    /// Strips that are to stay together.
    private func groups(of strips: [Strip]) -> [ArraySlice<Strip>] {
        var groups: [ArraySlice<Strip>] = []
        var start = 0
        for index in strips.indices where !strips[index].staysWithNext || index == strips.count - 1 {
            groups.append(strips[start...index])
            start = index + 1
        }
        return groups
    }

    /// The pages so far, the last of them open.
    private struct Filling {
        let height: Double
        private(set) var pages: [[PlacedStrip]] = [[]]
        private var used = 0.0
        /// Whether more than a repeated head stands on the page: otherwise the next page has no more room than this one.
        private var isBegun = false

        init(height: Double) {
            self.height = height
        }

        func takes(_ more: Double) -> Bool {
            // Sums of fractions: a hair's breadth decides nothing.
            !isBegun || used + more <= height + 0.01
        }

        mutating func beginPage(under head: [Strip]) {
            pages.append([])
            used = 0
            isBegun = false
            // A head of half a page would leave no room for what belongs under it.
            guard head.reduce(0, { $0 + $1.height }) < height / 2 else { return }
            for strip in head { put(strip) }
        }

        mutating func place(_ strip: Strip) {
            if strip.isSpace, !isBegun { return }
            put(strip)
            isBegun = true
        }

        private mutating func put(_ strip: Strip) {
            pages[pages.count - 1].append(PlacedStrip(strip: strip, y: used))
            used += strip.height
        }
    }
}
