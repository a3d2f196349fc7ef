/// How far apart two words are, for "did you mean".
enum EditDistance {
    /// The candidate nearest to `word`, if one is near enough to be meant.
    static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let wanted = folded(word)
        let limit = max(1, wanted.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let distance = between(wanted, folded(candidate))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    static func between(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, leftCharacter) in left.enumerated() {
            var current = [row + 1]
            for (column, rightCharacter) in right.enumerated() {
                let replaced = last[column] + (leftCharacter == rightCharacter ? 0 : 1)
                var cost = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, leftCharacter == right[column - 1], left[row - 1] == rightCharacter {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }

    private static func folded(_ word: String) -> [Character] {
        // Longer words are no typing errors, and the table grows with the product of the lengths.
        word.prefix(64).lowercased().map { $0 == "-" ? "_" : $0 }
    }
}
