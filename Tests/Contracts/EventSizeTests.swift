import Contracts
import Foundation
import Foundations
import Testing

@Suite struct EventSizeTests {
    /// Texts whose length in bytes is far from their length in characters, raw or as JSON.
    static let texts = [
        "plain ", "ä", "😀", "\"", "\\", "\n", "\u{1}", "\u{2028}", "e" + String(repeating: "\u{301}", count: 300), "👨‍👩‍👧‍👦",
    ]

    private static let longest = String(repeating: "i", count: 64)
    private static let address = TaskAddress(
        company: CompanyID(validated: longest), project: ProjectID(validated: longest), task: TaskID(validated: longest)
    )

    private func size(_ draft: EventDraft) throws -> Int {
        let event = Event(
            seq: Int.max, workflowID: Sample.workflowID, address: Self.address, type: draft.type,
            message: draft.message, details: draft.details)
        return try JSON.encode(event).count
    }

    private func result(_ text: String, entries: Int) -> WorkflowResult {
        let texts = Array(repeating: text, count: entries)
        return WorkflowResult(
            status: .validationFailed, workflowID: Sample.workflowID, address: Self.address,
            branchName: "feat/" + String(repeating: "b", count: 250), baseCommit: Sample.base,
            commitHash: Sample.commit,
            implementationPlan: ImplementationPlan(
                goal: text, steps: texts, filesToCreate: texts, filesToModify: texts, validationCriteria: texts),
            validationResult: ValidationResult(
                success: false, issues: texts, suggestions: texts,
                commands: texts.map { .init(command: $0, exitCode: 1, durationMilliseconds: 1, output: $0) }),
            errorMessage: text, artifacts: .init(sandbox: "bubblewrap"))
    }

    @Test(arguments: texts, [1, 30, 2000])
    func `the last event stays under 8 KB and is still a result`(_ text: String, _ entries: Int) throws {
        for bytes in [10, 400, 8000] {
            let length = max(1, bytes / text.utf8.count)
            let most = max(1, 40_000 / bytes)
            let result = result(String(repeating: text, count: length), entries: min(entries, most))
            let draft = try EventDraft(ending: result)
            #expect(try size(draft) <= Event.maximumBytes)
            let read: WorkflowResult = try draft.details.decode()
            #expect(read.status == result.status && read.commitHash == result.commitHash)
            #expect(read.workflowID == result.workflowID && read.taskID == result.taskID)
            #expect(try result.fitting() == read)
        }
    }

    @Test(arguments: texts)
    func `every event stays under 8 KB whatever its texts hold`(_ text: String) throws {
        let long = String(repeating: text, count: 10_000 / text.utf8.count)
        let many = Array(repeating: long, count: 5)
        let plan = ImplementationPlan(goal: long, steps: many)
        let validation = ValidationResult(success: false, issues: many)
        let details: [any EventDetails] = [
            WorkflowStarted(title: long, priority: 1), PlanCreated(plan: plan),
            ImplementationStep(iteration: 1, tool: long, summary: long, ok: false, durationMilliseconds: 1),
            ImplementationCompleted(
                round: 0, iterations: 1, summary: long, filesChanged: 0, insertions: 0, deletions: 0),
            ValidationStarted(round: 0, tree: Sample.tree, commands: many), ValidationCompleted(result: validation),
            TaskRejected(code: "invalid_request", field: long, reason: long),
            ApprovalRequested(approval: "plan", summary: long), DiscoveryRecorded(content: long, tags: many),
        ]
        for details in details {
            let draft = try draft(details)
            #expect(try size(draft) <= Event.maximumBytes, "\(draft.type)")
            #expect(draft.details["truncated"] == true)
            #expect(!draft.message.contains { $0.isNewline })
        }
    }

    private func draft(_ details: some EventDetails) throws -> EventDraft { try EventDraft(details) }

    @Test func `what fits is left as it is`() throws {
        let draft = try EventDraft(ending: Sample.result)
        #expect(draft.details == (try JSONValue(encoding: Sample.result)))
        #expect(try Sample.result.fitting() == Sample.result)
    }

    @Test func `the longest texts are cut first, whole facts stay`() throws {
        var result = Sample.result
        result.validationResult?.commands[0].output = String(repeating: "x", count: 50_000)
        let fitted = try result.fitting()
        #expect(fitted.validationResult?.commands[0].output == String(repeating: "x", count: 1997) + "…")
        #expect(fitted.implementationPlan == result.implementationPlan)
    }

    @Test func `details of a hopeless size or value still give an event`() throws {
        let members = Dictionary(uniqueKeysWithValues: (0..<5000).map { ("key\($0)", JSONValue.int($0)) })
        #expect(JSONValue.object(members).fitting(1000) == ["truncated": true])
        #expect(JSONValue.double(.nan).fitting(1000) == ["truncated": true])
    }

    @Test func `a clipped text never exceeds its bytes and never breaks a character's code`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let text = generator.text()
            let limit = Int.random(in: 0...40, using: &generator)
            let clipped = text.clipped(limit)
            #expect(clipped.utf8.count <= limit || clipped == text && text.utf8.count <= limit, "seed \(seed)")
            #expect(!clipped.unicodeScalars.contains("\u{FFFD}") || text.unicodeScalars.contains("\u{FFFD}"))
            #expect(text.utf8.count <= limit ? clipped == text : text.utf8.starts(with: clipped.dropEllipsis.utf8))
        }
    }
}

extension String {
    fileprivate var dropEllipsis: String { unicodeScalars.last == "…" ? String(unicodeScalars.dropLast()) : self }
}
