/// A coder took the task.
package struct ImplementationStarted: EventDetails {
    package static let type = EventType.implementationStarted

    package var round: Int
    package var model: String
    package var maxIterations: Int
    package var sandbox: String

    package init(round: Int, model: String, maxIterations: Int, sandbox: String) {
        self.round = round
        self.model = model
        self.maxIterations = maxIterations
        self.sandbox = sandbox
    }

    package var message: String { round == 0 ? "Implementation started" : "Repair round \(round) started" }

    private enum CodingKeys: String, CodingKey {
        case round, model, sandbox
        case maxIterations = "max_iterations"
    }
}
