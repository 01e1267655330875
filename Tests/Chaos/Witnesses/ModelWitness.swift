import Foundation
import Foundations

/// Reads the scripted model's log.
enum ModelWitness {
    /// Every call, in the order in which they came.
    static func calls(_ log: String) throws -> [ModelCall] {
        var calls: [ModelCall] = []
        var open: [String: Int] = [:]
        for line in log.split(separator: "\n") {
            let facts = try JSONValue(parsing: String(line))
            guard let time = facts["time"]?.stringValue.flatMap(Timestamp.date) else { continue }
            let attempt = facts["attempt"]?.intValue ?? 0
            if let hash = facts["end"]?.stringValue {
                if let call = open["\(hash) \(attempt)"] { calls[call].end = time }
            } else if let hash = facts["hash"]?.stringValue {
                open["\(hash) \(attempt)"] = calls.count
                let kind = facts["reply"]?.stringValue ?? ""
                let isUsable = kind == "content" || kind.hasPrefix("tool_calls")
                calls.append(ModelCall(hash: hash, begin: time, end: nil, isUsable: isUsable))
            }
        }
        return calls
    }
}
