import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// A task as people look at it.
enum TaskDetailPages {
    static let rows: [Route] = [
        Route.page(.get, "/tasks/{company}/{project}/{task}", .role(.viewer)) { call, _, gateway in
            let task = try await ShownTask(try call.task(), gateway)
            let view = TaskView.Name(rawValue: try call.field("view") ?? "") ?? .overview
            let page = TaskPage(
                head: task.head, controls: task.controls, tabs: TaskPage.tabs(task.name, chosen: view),
                view: try await TaskViews(task, call, gateway).view(view))
            return .page(page, for: call, stream: PageStreams.path(of: call))
        },
        Route.page(.get, "/workflows/{id}", .role(.viewer)) { call, _, gateway in
            guard let id = UUID(uuidString: call.parameters["id"] ?? ""),
                let record = try await gateway.record.workflow(id), call.caller.sees(record.address.company)
            else { throw Problem.unknownTask }
            let address = record.address
            return .seeOther(Place.task(address.company.text, address.project.text, address.task.text))
        },
    ]
}

/// What the record holds of a task, as its page needs it.
struct ShownTask: Sendable {
    let address: TaskAddress
    let record: WorkflowRecord
    let snapshot: StatusSnapshot
    let now = Date()

    init(_ address: TaskAddress, _ gateway: Gateway) async throws {
        guard let record = try await gateway.record.workflow(address, withSeal: false),
            let snapshot = try await gateway.record.snapshot(address)
        else { throw Problem.unknownTask }
        self.address = address
        self.record = record
        self.snapshot = snapshot
    }

    var name: TaskName {
        TaskName(company: address.company.text, project: address.project.text, task: address.task.text)
    }

    private var status: String { snapshot.status.rawValue }

    var head: TaskHead {
        let limit = record.maxCostUSD
        return TaskHead(
            name: name, title: record.request.task.title, status: Badge(status: status),
            waits: snapshot.waitsFor.map(Words.waiting(for:)), stages: stages, error: record.errorMessage,
            cost: Amount.money(snapshot.costUSD), budget: limit.map { Bar(spent: snapshot.costUSD, of: $0) },
            progress: snapshot.progress.map { Bar(Double($0) / 100, label: "\($0) %") }, facts: facts,
            tags: record.request.task.tags.map { Link($0, to: Place.query(Place.tasks, [("tag", $0)])) })
    }

    private var stages: [TaskHead.Stage] {
        guard !snapshot.status.isTerminal else { return [] }
        let round = snapshot.round > 0 ? "round \(snapshot.round + 1)" : nil
        return [
            TaskHead.Stage(
                name: Words.sentence(snapshot.stage.rawValue), state: Badge(status: status), round: round,
                isCurrent: true)
        ]
    }

    private var facts: [Fact] {
        var facts = [
            Fact("Priority", "\(record.request.task.priority)"), Fact("Created", Moment(record.createdAt, now: now)),
            Fact("Repository", Link(record.request.repository.remoteURL, outside: record.request.repository.remoteURL)),
        ]
        if let branch = record.branchName { facts.append(Fact("Branch", branch, isCode: true)) }
        if let commit = record.commitHash { facts.append(Fact("Commit", commit, isCode: true)) }
        if let started = record.startedAt { facts.append(Fact("Started", Moment(started, now: now))) }
        if let finished = record.finishedAt { facts.append(Fact("Ended", Moment(finished, now: now))) }
        facts.append(Fact("Ran", Amount.duration(record.elapsedSeconds)))
        facts.append(Fact("Model calls", Amount.count(record.usage.llmCalls)))
        facts.append(Fact("Workflow", record.workflowID.text, isCode: true))
        return facts
    }

    var controls: TaskControls {
        var isSuccess = false
        if case .ended(let end) = snapshot.status { isSuccess = end.isSuccess }
        let plan = try? record.outputs.get(PlanOutput.self)?.plan
        let isPlan = record.outputs.isBeforeImplementation
        return TaskControls(
            name, status: status, isSuccess: isSuccess,
            approval: .init(what: isPlan ? "plan" : "push", summary: isPlan ? plan?.goal ?? "" : summary),
            priority: record.request.task.priority, maxCostUSD: record.maxCostUSD)
    }

    private var summary: String { (try? record.outputs.get(ImplementationOutput.self)?.summary) ?? "" }
}

extension StepOutputs {
    /// Whether a plan is all that there is.
    fileprivate var isBeforeImplementation: Bool { (try? get(ImplementationOutput.self)) == nil }
}
