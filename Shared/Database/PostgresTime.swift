import FoundationEssentials

/// Times as Postgres stores them: whole microseconds since 2000-01-01 00:00 UTC.
enum PostgresTime {
    private static let referenceOffset: Int64 = 366 * 86_400 * 1_000_000

    /// The time of `date`, or `nil` if it does not fit.
    static func microseconds(_ date: Date) -> Int64? {
        guard let value = Int64(exactly: (date.timeIntervalSinceReferenceDate * 1e6).rounded()) else { return nil }
        let (sum, overflow) = value.addingReportingOverflow(referenceOffset)
        return overflow ? nil : sum
    }

    /// Reads `2026-11-21 09:30:00.125+00`, with or without a fraction, also with ` BC`. Infinity gives `nil`.
    static func date(_ text: String) -> Date? {
        let isBeforeChrist = text.hasSuffix(" BC")
        let text = isBeforeChrist ? text.dropLast(3) : text[...]
        guard text.hasSuffix("+00") else { return nil }
        let parts = text.dropLast(3).split(whereSeparator: { "-: ".contains($0) })
        guard parts.count == 6, let fraction = microsecondsOfMinute(parts[5]) else { return nil }
        let numbers = parts.prefix(5).compactMap { Int64($0) }
        guard numbers.count == 5, numbers.allSatisfy({ (0..<1_000_000).contains($0) }) else { return nil }
        let year = isBeforeChrist ? 1 - numbers[0] : numbers[0]
        let minutes = (days(year, numbers[1], numbers[2]) * 24 + numbers[3]) * 60 + numbers[4]
        return Date(timeIntervalSinceReferenceDate: Double(minutes * 60_000_000 + fraction) / 1e6)
    }

    /// `05.25` is 5,250,000.
    private static func microsecondsOfMinute(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let seconds = Int64(parts[0]), (0...60).contains(seconds), parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return seconds * 1_000_000 }
        let digits = parts[1]
        guard (1...6).contains(digits.count), let fraction = Int64(digits) else { return nil }
        return seconds * 1_000_000 + (digits.count..<6).reduce(fraction) { value, _ in value * 10 }
    }

    /// Days since 2001-01-01 in the Gregorian calendar, counting years from March so that leap days come last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // 20 cycles of 400 years keep the year positive, down to the oldest that Postgres knows (4713 BC).
        let marchYear = (month > 2 ? year : year - 1) + 8_000
        let marchMonth = month > 2 ? month - 3 : month + 9
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        return marchYear * 365 + leapDays + dayOfYear - 730_791 - 20 * 146_097
    }
}
