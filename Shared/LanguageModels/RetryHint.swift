import Foundations

/// How long a provider asks to wait in words, where no header says it: `Please try again in 1m2.5s`.
enum RetryHint {
    private static let marks = [
        "try again in ", "retry in ", "retry after ", "retry_after\":", "retrydelay\":\"", "retrydelay\": \"",
        "retry-after\":\"", "retry_after_seconds\":",
        "estimated_time\":", "available in ", "please wait ", "reset in ", "resets in ", "wait for ", "reset after ",
    ]

    /// The first time that `text` names after one of the marks.
    static func wait(in text: String) -> Duration? {
        let words = RefusalWords(text).text
        for mark in marks {
            guard let range = words.firstRange(of: mark), let wait = time(words[range.upperBound...]) else { continue }
            return wait
        }
        return nil
    }

    static func time(_ text: String) -> Duration? { time(text[...]) }

    /// Numbers with units, as `1m2.5s`, `34 seconds`, `250ms`; a number alone is seconds.
    private static func time(_ text: Substring) -> Duration? {
        var (rest, seconds, found) = (text, 0.0, false)
        while true {
            let digits = rest.drop { $0 == " " || $0 == "\"" }.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let written = digits.last == "." ? digits.dropLast() : digits
            guard let number = Double(written) else { break }
            rest = rest[digits.endIndex...].drop { $0 == " " }
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            let factor = factors[String(unit)]
            // A number alone is seconds, if it is the first.
            guard factor != nil || !found else { break }
            seconds += number * (factor ?? 1)
            found = true
            guard factor != nil else { break }
            rest = rest[unit.endIndex...]
        }
        return found && (0...1e7).contains(seconds) ? .seconds(seconds) : nil
    }

    private static let factors: [String: Double] = [
        "ms": 0.001, "milliseconds": 0.001, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "m": 60, "min": 60,
        "mins": 60, "minute": 60, "minutes": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
        "d": 86_400, "day": 86_400, "days": 86_400, "week": 604_800, "weeks": 604_800, "month": 2_592_000,
    ]
}
