/// Numbers as people read them: the one place that says how.
package enum Amount {
    /// `1,234,567`.
    package static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        let grouped = digits.enumerated().reduce(into: "") { text, digit in
            if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text += "," }
            text.append(digit.element)
        }
        return (number < 0 ? "-" : "") + grouped
    }

    /// `999`, `12.3 k`, `4.5 M`: for what only its size matters of.
    package static func size(_ number: Int) -> String {
        let units: [(Double, String)] = [(1e9, " G"), (1e6, " M"), (1e3, " k")]
        guard let (unit, name) = units.first(where: { abs(Double(number)) >= $0.0 }) else { return String(number) }
        let value = Double(number) / unit
        return decimal(value, places: abs(value) < 100 ? 1 : 0) + name
    }

    /// US dollars: `$0.0042`, `$1.25`, `$12,345`.
    package static func money(_ dollars: Double) -> String {
        let amount = abs(dollars)
        let places = amount >= 1000 ? 0 : amount > 0 && amount < 0.1 ? 4 : 2
        return (dollars < 0 ? "-$" : "$") + decimal(amount, places: places)
    }

    /// A share of one: `97 %`, `0.4 %`.
    package static func percent(_ share: Double) -> String {
        let value = share * 100
        return decimal(value, places: value > 0 && value < 10 || value > 99 && value < 100 ? 1 : 0) + " %"
    }

    /// `420 ms`, `4.2 s`, `42 s`, `5 min 3 s`, `2 h 14 min`, `3 d 4 h`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "–" }
        if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 9.95 { return decimal(seconds, places: 1) + " s" }
        let whole = Int(min(seconds.rounded(), 1e12))
        let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        guard let first = units.firstIndex(where: { whole >= $0.0 }) else { return "0 s" }
        let (size, name) = units[first]
        guard first + 1 < units.count, whole % size / units[first + 1].0 > 0 else { return "\(whole / size) \(name)" }
        return "\(whole / size) \(name) \(whole % size / units[first + 1].0) \(units[first + 1].1)"
    }

    /// A number with so many digits behind the point, and commas before it.
    package static func decimal(_ value: Double, places: Int) -> String {
        guard value.isFinite else { return "–" }
        let scale = (0..<places).reduce(1) { product, _ in product * 10 }
        let scaled = (abs(value) * Double(scale)).rounded()
        guard scaled < 1e15 else { return "very many" }
        let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: scale)
        let digits = String(rest)
        let fraction = places == 0 ? "" : "." + String(repeating: "0", count: places - digits.count) + digits
        return (value < 0 && scaled > 0 ? "-" : "") + count(whole) + fraction
    }
}

/// A share as a bar, with what it says in words.
package struct Bar: Sendable, Hashable {
    /// 0…100.
    package let percent: Int
    package let tone: Tone
    package let label: String

    package init(_ share: Double, tone: Tone = .active, label: String) {
        percent = share.isFinite ? Int((min(max(share, 0), 1) * 100).rounded()) : 0
        self.tone = tone
        self.label = label
    }

    /// What is spent of a limit: it warns from four fifths on.
    package init(spent: Double, of limit: Double) {
        let share = limit > 0 ? spent / limit : 1
        self.init(
            share, tone: share >= 1 ? .bad : share >= 0.8 ? .warn : .active,
            label: "\(Amount.money(spent)) of \(Amount.money(limit)), \(Amount.percent(share))")
    }
}
