/// The coder finished a round.
package struct ImplementationCompleted: EventDetails {
    package static let type = EventType.implementationCompleted

    package var round: Int
    package var iterations: Int
    package var summary: String
    package var filesChanged: Int
    package var insertions: Int
    package var deletions: Int

    package init(round: Int, iterations: Int, summary: String, filesChanged: Int, insertions: Int, deletions: Int) {
        self.round = round
        self.iterations = iterations
        self.summary = summary
        self.filesChanged = filesChanged
        self.insertions = insertions
        self.deletions = deletions
    }

    package var message: String { "Implemented: \(summary.line(200))" }

    private enum CodingKeys: String, CodingKey {
        case round, iterations, summary, insertions, deletions
        case filesChanged = "files_changed"
    }
}
