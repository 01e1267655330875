import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// The views of a task below its head.
struct TaskViews: Sendable {
    private static let pageSize = 50

    private let task: ShownTask
    private let call: Call
    private let gateway: Gateway
    private let scope: QueryScope

    init(_ task: ShownTask, _ call: Call, _ gateway: Gateway) {
        self.task = task
        self.call = call
        self.gateway = gateway
        scope = .task(task.address)
    }

    func view(_ name: TaskView.Name) async throws -> TaskView {
        switch name {
        case .overview: .overview(try await overview())
        case .timeline: .timeline(try await timeline())
        case .diff: .diff(try await diff())
        case .validation: .validation(try validation())
        case .evidence: .evidence(try await evidence())
        case .events: .events(try await events())
        case .transcript: .transcript(try await transcript())
        }
    }

    private func overview() async throws -> TaskOverview {
        let discoveries = try await gateway.record.items("discoveries", in: scope).items
        let webhooks = try await gateway.record.items("webhooks", in: scope).items
        let request = task.record.request.task
        let counts = task.snapshot.children ?? [:]
        return TaskOverview(
            description: request.description, requirements: request.requirements, plan: try plan(),
            children: try await children(),
            childCounts: counts.sorted { $0.key < $1.key }.map { "\($0.value) \(Words.sentence($0.key).lowercased())" }
                .joined(separator: ", "),
            discoveries: discoveries.map {
                .init(
                    content: $0.text("content"), tags: $0.texts("tags"),
                    created: $0.moment("created_at") ?? Moment($0.now, now: $0.now))
            },
            webhooks: webhooks.map { item in
                .init(
                    id: item.text("webhook_id"), url: item.some("url") ?? "the platform's endpoint",
                    status: Badge(status: item.text("status")), attempts: item.int("attempts"),
                    error: item.some("last_error"), mayReplay: ["dead", "disabled"].contains(item.text("status")),
                    action: task.name.action)
            })
    }

    /// The newest of its sub-tasks.
    private func children() async throws -> [TaskRow] {
        guard task.snapshot.children != nil else { return [] }
        return try await gateway.record.items("children", in: scope).items.map(TaskRow.init)
    }

    private func plan() throws -> TaskOverview.Plan? {
        guard let plan = try task.record.outputs.get(PlanOutput.self)?.plan else { return nil }
        return TaskOverview.Plan(
            goal: plan.goal,
            steps: plan.steps.enumerated().map { .init(text: $1, isDone: $0 < task.record.stepsCompleted) },
            filesToCreate: plan.filesToCreate, filesToModify: plan.filesToModify,
            validationCriteria: plan.validationCriteria)
    }

    private func timeline() async throws -> TimelineView {
        let isFull = try call.field("full") == "1"
        let (items, next) = try await gateway.record.items(
            "activities", in: scope, limit: Self.pageSize, cursor: try call.field("cursor"))
        let other = isFull ? Link("Compact", to: path(.timeline)) : Link("Full", to: path(.timeline, [("full", "1")]))
        return TimelineView(
            runs: try await StageRuns(task, gateway).runs, entries: items.map(entry), isFull: isFull, other: other,
            pager: pager(.timeline, items.count, "entry", "entries", next, [("full", isFull ? "1" : nil)]))
    }

    private func entry(_ item: Item) -> TimelineView.Entry {
        let milliseconds = item.fields["details"]?["duration_ms"]?.intValue
        let isFailure = item.text("activity_type") == "error" || item.fields["details"]?["ok"] == false
        // What people asked for stands out.
        let tone: Tone = isFailure ? .bad : item.fields["details"]?["actor"] == nil ? .quiet : .active
        return TimelineView.Entry(
            at: item.moment("timestamp") ?? Moment(item.now, now: item.now), tone: tone,
            kind: item.text("activity_type"), text: item.text("message"), details: details(item),
            duration: milliseconds.map { Amount.duration(Double($0) / 1000) })
    }

    private func details(_ item: Item) -> String? {
        guard let details = item.fields["details"], details != [:] else { return nil }
        return try? details.text()
    }

    private func diff() async throws -> DiffView {
        let href = "/api/v1/tasks/\(task.name.text)/diff"
        do {
            let patch = try await KeptDiff(task.address, gateway.door)
            return DiffView(
                patch: patch.text, base: patch.base, head: patch.head, isTruncated: patch.isTruncated, patchHref: href)
        } catch let problem as Problem where problem.status == 404 {
            // Why there is nothing stands in its place.
            let reason = problem.detail
            return DiffView(
                patch: "", base: "", head: "", empty: "\(reason.prefix(1).uppercased())\(reason.dropFirst()).")
        }
    }

    private func validation() throws -> ValidationView {
        guard let output = try task.record.outputs.get(ValidationOutput.self) else { return ValidationView(rounds: []) }
        let result = output.result
        let counts = [result.testsPassed.map { "\($0) passed" }, result.testsFailed.map { "\($0) failed" }]
        return ValidationView(rounds: [
            .init(
                title: "Round \(task.record.round + 1)",
                state: result.success ? Badge("Passed", .good) : Badge("Failed", .bad),
                tests: counts.compactMap { $0 }.isEmpty ? nil : counts.compactMap { $0 }.joined(separator: ", "),
                issues: result.issues, suggestions: result.suggestions,
                commands: result.commands.map {
                    .init(
                        $0.command, exitCode: $0.exitCode, seconds: Double($0.durationMilliseconds) / 1000,
                        output: $0.output)
                })
        ])
    }

    private func evidence() async throws -> EvidenceView {
        let items = try await gateway.record.items("evidence", in: scope).items
        return EvidenceView(
            items: try items.map { item in
                let evidence = item.fields["evidence"] ?? [:]
                let commands = (evidence["commands"]?.arrayValue ?? []).compactMap(\.stringValue)
                let codes = (evidence["exit_codes"]?.arrayValue ?? []).compactMap(\.intValue)
                return EvidenceView.Item(
                    title: item.stage ?? "Validation",
                    state: evidence["success"] == true ? Badge("Passed", .good) : Badge("Failed", .bad),
                    signed: item.moment("created_at") ?? Moment(item.now, now: item.now),
                    facts: ["tree", "base_commit"].compactMap { name in
                        evidence[name]?.stringValue.map { Fact(Words.sentence(name), $0, isCode: true) }
                    },
                    commands: zip(commands, codes).map {
                        .init(command: $0, state: $1 == 0 ? Badge("Passed", .good) : Badge("Exit \($1)", .bad))
                    },
                    signature: item.text("signature"), statement: try evidence.text())
            })
    }

    private func events() async throws -> EventsView {
        let (items, next) = try await gateway.record.items(
            "events", in: scope, limit: Self.pageSize, cursor: try call.field("cursor"))
        return EventsView(
            rows: items.map { item in
                .init(
                    seq: item.int("seq"), at: item.moment("timestamp") ?? Moment(item.now, now: item.now),
                    type: item.text("notification_type"), message: item.text("message"), details: details(item))
            }, pager: pager(.events, items.count, "event", "events", next))
    }

    private func transcript() async throws -> TranscriptView {
        let (items, next) = try await gateway.record.items(
            "transcript", in: scope, limit: 20, cursor: try call.field("cursor"))
        return TranscriptView(
            rows: try items.map { item in
                let (began, ended) = (item.date("started_at") ?? item.now, item.date("completed_at"))
                return TranscriptView.Row(
                    stage: item.stage ?? "", step: item.int("step"), kind: item.text("kind"), name: item.text("name"),
                    state: Badge(status: item.text("status")), at: Moment(began, now: item.now),
                    seconds: ended.map { $0.timeIntervalSince(began) },
                    text: try (item.fields["result"] ?? .null).text())
            }, pager: pager(.transcript, items.count, "call", "calls", next))
    }

    private func path(_ view: TaskView.Name, _ more: [(name: String, value: String?)] = []) -> String {
        Place.query(task.name.href, [("view", view.rawValue)] + more)
    }

    private func pager(
        _ view: TaskView.Name, _ count: Int, _ one: String, _ many: String, _ next: String?,
        _ more: [(name: String, value: String?)] = []
    ) -> Pager {
        Pager(
            Words.count(count, one, many), path: task.name.href, filter: [("view", view.rawValue)] + more,
            cursor: call.query["cursor"]?.first, next: next)
    }
}

/// The whole patch of a task, of which the front door hands out parts.
struct KeptDiff: Sendable {
    /// The most that a page shows of it.
    private static let limit = 2 << 20

    var text = ""
    var base = ""
    var head = ""
    var isTruncated = false

    init(_ address: TaskAddress, _ door: any FrontDoorClient) async throws {
        var request = DiffRequest()
        while true {
            let part = try await door.ask(.diff, address, request.json)
            text += part["patch"]?.stringValue ?? ""
            base = part["base_commit"]?.stringValue ?? ""
            head = part["head_commit"]?.stringValue ?? ""
            isTruncated = part["truncated"]?.boolValue ?? false
            guard let next = part["offset"]?.intValue else { return }
            guard text.utf8.count < Self.limit else {
                isTruncated = true
                return
            }
            request = DiffRequest(head: head, offset: next)
        }
    }
}
