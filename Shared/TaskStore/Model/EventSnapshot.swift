/// Which transactions the database had committed at a moment: its own `pg_snapshot`.
///
/// Rows are committed in another order than they get their numbers. Whoever follows them goes by what it has seen, and
/// not by a highest number: so it misses none and sees none twice.
package struct EventSnapshot: Sendable, Hashable {
    /// `xmin:xmax:xip,…`
    let text: String
    /// Every transaction below it is over.
    private let lowest: Int64
    /// No transaction from it on had begun.
    private let end: Int64
    /// Those between that were under way.
    private let open: Set<Int64>

    /// `nil` for a text that is no snapshot.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let lowest = Self.number(parts[0]), let end = Self.number(parts[1]), lowest <= end
        else { return nil }
        let names = parts[2].split(separator: ",", omittingEmptySubsequences: false)
        let open = parts[2].isEmpty ? [] : names.compactMap(Self.number)
        guard parts[2].isEmpty || open.count == names.count, open.allSatisfy({ (lowest..<end).contains($0) }),
            open == open.sorted()
        else { return nil }
        self.text = text
        self.lowest = lowest
        self.end = end
        self.open = Set(open)
    }

    private static func number(_ text: Substring) -> Int64? {
        guard (1...19).contains(text.utf8.count), text.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        return Int64(text)
    }

    /// Whether what a transaction wrote was there.
    func sees(_ transaction: Int64) -> Bool {
        transaction < lowest || transaction < end && !open.contains(transaction)
    }

    /// Whether it is of a later moment. Transactions only end: of what was under way, less is left.
    func isLater(than other: EventSnapshot) -> Bool {
        end > other.end || end == other.end && open.count < other.open.count
    }
}
