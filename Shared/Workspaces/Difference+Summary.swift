import Contracts
import Git

extension Difference {
    package init(_ diff: DiffSummary) {
        self.init(filesChanged: diff.files.count, insertions: diff.insertions, deletions: diff.deletions)
    }
}
