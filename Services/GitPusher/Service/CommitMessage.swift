import Contracts
import Foundations

/// The message of a task's one commit: a subject line, the summary, and the task's ids as trailers.
package enum CommitMessage {
    /// The same arguments give the same text, so that a repeated push is the same commit.
    package static func text(
        request: TaskRequest, workflowID: String, proposed: String?, summary: String?
    ) -> String {
        let text = request.delivery.commitMessage ?? proposed ?? request.task.title
        var lines = clean(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let subject = (lines.first ?? "").trimmed.clipped(100)
        lines = Array(lines.dropFirst())
        var paragraphs = [subject.isEmpty ? request.task.title.clipped(100) : subject]
        let body = lines.joined(separator: "\n").trimmed
        if !body.isEmpty {
            paragraphs.append(body)
        } else if request.delivery.commitMessage == nil, let summary, !summary.isEmpty {
            paragraphs.append(clean(summary).trimmed)
        }
        let address = request.task.address
        paragraphs.append(
            """
            Automata-Task: \(address.company)/\(address.project)/\(address.task)
            Automata-Workflow: \(workflowID)
            """)
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    /// Without control characters, and without trailers of ours that a model might forge.
    private static func clean(_ text: String) -> String {
        let printable = text.replacing("\r\n", with: "\n").unicodeScalars.filter {
            $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && $0.value != 0x7F
        }
        return String(String.UnicodeScalarView(printable)).split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.lowercased().hasPrefix("automata-") }.joined(separator: "\n")
    }
}
