import FoundationEssentials
import Foundations

/// A time as people read it: how long ago it is, and when exactly. The script keeps the first true while a page stands.
package struct Moment: Sendable, Hashable {
    /// For programs, `2026-11-28T09:31:12.000Z`.
    package let iso: String
    /// `3 min ago`, `in 2 h`, and the date of what is far.
    package let text: String
    /// `2026-11-28 09:31:12 UTC`.
    package let full: String
    /// `09:31:12`, where the date is plain.
    package let clock: String

    package init(_ date: Date, now: Date) {
        iso = Timestamp.text(date)
        full = "\(iso.prefix(10)) \(iso.dropFirst(11).prefix(8)) UTC"
        clock = String(iso.dropFirst(11).prefix(8))
        text = Self.distance(now.timeIntervalSince(date)) ?? String(iso.prefix(10))
    }

    private static let units: [(seconds: Double, name: String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]

    /// `nil` for what is more than a month away.
    private static func distance(_ seconds: Double) -> String? {
        let size = abs(seconds)
        guard size < 30 * 86_400 else { return nil }
        guard size >= 1.5, let unit = units.first(where: { size >= $0.seconds }) else { return "now" }
        let text = "\(Int(size / unit.seconds)) \(unit.name)"
        return seconds < 0 ? "in \(text)" : "\(text) ago"
    }
}
