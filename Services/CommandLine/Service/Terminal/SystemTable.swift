import Contracts
import Foundation
import Foundations

/// How the system is as a table: its parts, then how much there is of what.
enum SystemTable {
    static func lines(health: [JSONValue], counts: [JSONValue]) -> [String] {
        let parts = health.sorted { $0.text("part") < $1.text("part") }.map { part in
            let since = part["since"]?.stringValue.map { ", since \($0)" } ?? ""
            let state = part["ok"] == true ? "ok    " : "not ok"
            return line(part.text("part"), "\(state)  \(part.text("detail"))\(since)")
        }
        let rows = Dictionary(grouping: counts) { item in
            [item.text("part"), item.text("kind")].filter { !$0.isEmpty }.joined(separator: " ")
        }
        return parts
            + rows.sorted { $0.key < $1.key }.map { name, items in
                let counted = items.sorted { $0.text("status") < $1.text("status") }
                    .map { "\($0.text("status")) \($0["count"]?.intValue ?? 0)" }
                return line(name, counted.joined(separator: ", "))
            }
    }

    private static func line(_ name: String, _ text: String) -> String {
        "\(name.padding(toLength: max(24, name.count + 1), withPad: " ", startingAt: 0))\(text)"
    }
}
