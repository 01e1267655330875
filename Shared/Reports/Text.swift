import Contracts
import Foundations

/// Figures as people read them.
enum Text {
    static func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

    /// What comes from elsewhere, as one line without a meaning in Markdown.
    static func plain(_ text: String) -> String {
        ["\\", "|", "`", "<", "[", "*", "_"].reduce(text.line(160)) { $0.replacing($1, with: "\\\($1)") }
    }

    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "0 %" }
        return "\(Int((Double(part) * 100 / Double(whole)).rounded())) %"
    }

    static func dollars(_ amount: Double) -> String { "$" + fixed(amount, amount < 1 ? 4 : 2) }

    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<10: fixed(seconds, 1) + " s"
        case ..<120: "\(Int(seconds.rounded())) s"
        case ..<7200: "\(Int((seconds / 60).rounded())) min"
        case ..<172_800: fixed(seconds / 3600, 1) + " h"
        default: fixed(seconds / 86_400, 1) + " d"
        }
    }

    /// With so many digits after the point.
    static func fixed(_ number: Double, _ digits: Int) -> String {
        guard number.isFinite, number >= 0, number < 1e12 else { return "?" }
        let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
        let whole = Int((number * Double(scale)).rounded())
        guard digits > 0 else { return "\(whole)" }
        let rest = String(whole % scale)
        return "\(whole / scale)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}

/// A table of Markdown. Texts in it can be a repository's or a model's: they stay in their cell.
struct Table {
    private let head: [String]
    private let rows: [[String]]

    init(_ head: [String], _ rows: [[String]]) {
        self.head = head
        self.rows = rows
    }

    var markdown: String {
        let rule = "|" + String(repeating: "---|", count: head.count)
        return ([Self.line(head), rule] + rows.map(Self.line)).joined(separator: "\n")
    }

    private static func line(_ cells: [String]) -> String {
        "| " + cells.map(Text.plain).joined(separator: " | ") + " |"
    }
}
