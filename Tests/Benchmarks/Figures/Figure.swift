import Foundation

/// Something measured in the same run that tells what the machine, or a simpler way to the same end, can do.
struct Yardstick: Sendable {
    let what: String
    /// In the unit of the figure beside it.
    let value: Double
}

/// A measured value: one line of JSON, one row of the table.
struct Figure: Sendable, Equatable, Codable {
    let name: String
    let value: Double
    let unit: String
    /// The value of the yardstick, and how many times that the figure is.
    let yardstick: Double?
    let ratio: Double?
    /// What the yardstick is.
    let beside: String?

    init(_ name: String, _ value: Double, _ unit: String, beside yardstick: Yardstick? = nil) {
        self.name = name
        self.value = Self.rounded(value)
        self.unit = unit
        self.yardstick = yardstick.map { Self.rounded($0.value) }
        ratio = yardstick.flatMap { $0.value > 0 ? Self.rounded(value / $0.value) : nil }
        beside = yardstick?.what
    }

    /// Four digits: no benchmark on a machine that others use is exact to more.
    private static func rounded(_ value: Double) -> Double {
        guard value != 0, value.isFinite else { return value }
        let scale = pow(10, 3 - floor(log10(abs(value))))
        return (value * scale).rounded() / scale
    }
}
