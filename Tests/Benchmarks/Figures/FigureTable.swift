import Foundation
import Foundations

/// Figures for the eye, beside those of an earlier run where there is one.
struct FigureTable {
    private let rows: [[String]]

    /// - Parameter base: The figures of an earlier run, by name.
    init(_ figures: [Figure], base: [String: Figure] = [:]) {
        let header = ["figure", "value", "unit", "yardstick", "ratio", ""]
        let compared = ["before", "after/before"]
        rows =
            [header.dropLast() + (base.isEmpty ? [] : compared) + header.suffix(1)]
            + figures.map { figure in
                let own = [figure.name, Self.text(figure.value), figure.unit]
                let beside = [figure.yardstick, figure.ratio].map { $0.map(Self.text) ?? "" }
                let before = base[figure.name]?.value
                let change = before.flatMap { $0 > 0 ? figure.value / $0 : nil }
                let past = [before, change].map { $0.map(Self.text) ?? "" }
                return own + beside + (base.isEmpty ? [] : past) + [figure.beside ?? ""]
            }
    }

    /// Lines of equal columns: names and units to the left, numbers to the right.
    var text: String {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let left = [0, 2, columns.upperBound - 1]
        return rows.map { row in
            columns.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return left.contains(column) ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ").replacing(#/ +$/#, with: "")
        }.joined(separator: "\n")
    }

    /// As few decimals as tell the value to three digits.
    private static func text(_ value: Double) -> String {
        let decimals = value == 0 ? 0 : max(0, min(4, 2 - Int(floor(log10(abs(value))))))
        return String(format: "%.\(decimals)f", value)
    }
}

extension Figure {
    /// The figures of a file of JSON lines, by name; the last of a name counts.
    static func read(_ path: String) throws -> [String: Figure] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let figures = try lines.map { try JSON.decode(Figure.self, from: Data($0.utf8)) }
        return Dictionary(figures.map { ($0.name, $0) }) { _, last in last }
    }
}
