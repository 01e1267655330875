/// One tool call of the coder.
package struct ImplementationStep: EventDetails, Hashable {
    package static let type = EventType.implementationStep

    package var iteration: Int
    package var tool: String
    package var summary: String
    package var ok: Bool
    package var durationMilliseconds: Int

    package init(iteration: Int, tool: String, summary: String, ok: Bool, durationMilliseconds: Int) {
        self.iteration = iteration
        self.tool = tool
        self.summary = summary
        self.ok = ok
        self.durationMilliseconds = durationMilliseconds
    }

    package var message: String { "\(tool): \(summary.line(200))" }

    private enum CodingKeys: String, CodingKey {
        case iteration, tool, summary, ok
        case durationMilliseconds = "duration_ms"
    }
}
