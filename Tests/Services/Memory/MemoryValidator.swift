import Contracts
import Cryptography
import Git
import TaskStore

@testable import ValidatorService

/// A validator over trees, commands and a journal in memory.
struct MemoryValidator: Sendable {
    let repository = MemoryRepository()
    let trees: MemoryTrees
    let base: ObjectID
    private let start: MemoryRepository.Files
    private let baselines = Baselines()
    private let signing = SigningKey()

    /// - Parameter start: The files of the base.
    init(_ start: MemoryRepository.Files, _ programs: [String: MemoryTrees.Program] = [:]) {
        self.start = start
        base = repository.commit(start)
        trees = MemoryTrees(repository, programs)
    }

    /// The base with other files in place of some; `nil` takes one away.
    func changed(_ files: [String: String?]) -> ObjectID {
        repository.commit(start.merging(files.compactMapValues { $0 }) { $1 }.filter { files[$0.key] != .some(nil) })
    }

    /// Validates with `make test`, unless `change` says otherwise.
    func validate(
        _ files: [String: String?], _ change: (inout TaskRequest) -> Void = { _ in }
    ) async throws -> StepResult {
        var request = TaskRequest.sample()
        request.validation.commands = ["make test"]
        change(&request)
        let task = ValidatedTask(
            request: request, workflowID: "w", round: 0, base: base, recordedTree: nil, summary: "done",
            commands: request.validation.commands)
        return try await TaskValidation(
            task: task, repository: repository, workplace: trees, journal: MemoryJournal(), baselines: baselines,
            signing: signing
        ).run(on: changed(files))
    }
}

extension StepResult {
    /// What a validator left.
    var validated: ValidationOutput? { output as? ValidationOutput }
}
