import Contracts
import Flows
import Foundations
import Testing

/// Every flow that is built in, in every form that a request gives it.
@Suite struct FlowTests {
    private static let all: [Flow] = Flow.builtIn.flatMap { entry in
        DeliverySettings.Approval.allCases.flatMap { approval in
            [0, 1, 20].map { entry.make(.sample(approval: approval, rounds: $0)) }
        }
    }

    @Test(arguments: all) func `a flow has no fault`(_ flow: Flow) { #expect(flow.faults().isEmpty) }

    @Test func `each is known by its name`() {
        for entry in Flow.builtIn { #expect(entry.make(.sample()).name == entry.name) }
        #expect(Set(Flow.builtIn.map(\.name)).count == Flow.builtIn.count)
    }

    /// Every course that a flow can take ends, within as many steps as its rounds allow.
    @Test(arguments: all) func `every course of a flow ends`(_ flow: Flow) throws {
        var courses: [(stage: Stage, round: Int, steps: Int, evidence: Bool)] = [
            (try #require(flow.first).name, 0, 1, false)
        ]
        var (ends, longest): (Set<TerminalStatus>, Int) = ([], 0)
        var seen: Set<[String]> = []
        while let course = courses.popLast() {
            longest = max(longest, course.steps)
            let step = try #require(flow[course.stage])
            let evidence = course.evidence || step.kind.row?.givesEvidence == true
            // What begins afresh is bounded by the store.
            for (outcome, edge) in step.next {
                if case .afresh = edge { continue }
                switch try #require(flow.next(after: outcome, of: course.stage, round: course.round)) {
                case .step(let next, let round, _):
                    #expect(round >= course.round)
                    guard seen.insert([next.rawValue, "\(round)", "\(evidence)"]).inserted else { continue }
                    courses.append((next, round, course.steps + 1, evidence))
                case .afresh: Issue.record("an edge that is none of these")
                case .end(let status):
                    ends.insert(status)
                    #expect(status != .completed || evidence)
                }
            }
        }
        #expect(ends.isSuperset(of: [.completed, .completedNoChanges, .validationFailed]))
        #expect(longest <= flow.steps.count * 22)
    }

    @Test(arguments: all) func `a flow is the same after writing and reading, and short`(_ flow: Flow) throws {
        let text = try JSON.encode(flow)
        #expect(try JSON.decode(Flow.self, from: text) == flow)
        #expect(text.count < 800)
    }

    @Test func `rounds are as many as the request allows`() {
        let flow = Flow.task(for: .sample(rounds: 2))
        func after(_ round: Int) -> Flow.Move? { flow.next(after: .failed, of: .validation, round: round) }
        #expect(after(0) == .step(.implementation, round: 1, approval: nil))
        #expect(after(1) == .step(.implementation, round: 2, approval: nil))
        #expect(after(2) == .end(.validationFailed))
        #expect(flow.next(after: .failed, of: .push, round: 0) == nil)
        #expect(flow.next(after: .succeeded, of: Stage(validated: "other"), round: 0) == nil)
    }

    @Test(arguments: DeliverySettings.Approval.allCases)
    func `a person is asked where the request says`(_ approval: DeliverySettings.Approval) {
        let flow = Flow.task(for: .sample(approval: approval))
        #expect(flow.approval(before: .implementation) == (approval == .plan ? "plan" : nil))
        #expect(flow.approval(before: .push) == (approval == .push ? "push" : nil))
        #expect(flow.approval(before: .validation) == nil)
        // A repair needs no new approval of the plan.
        #expect(
            flow.next(after: .failed, of: .validation, round: 0) == .step(.implementation, round: 1, approval: nil))
    }

    @Test func `what is wrong with a flow is told`() throws {
        let (a, b) = (Stage(validated: "a"), Stage(validated: "b"))
        func flow(_ steps: Flow.Step...) -> [FlowFault] { Flow(name: "f", steps: steps).faults() }
        let end: [Outcome: Flow.Edge] = [.succeeded: .end(.stuck)]
        #expect(flow() == [.empty])
        #expect(flow(.init(a, .plan, next: end), .init(a, .plan, next: end)) == [.nameTwice(a)])
        let unknown = StepKind(validated: "dream")
        #expect(flow(.init(a, unknown, next: end)) == [.unknownKind(unknown)])
        #expect(flow(.init(a, .plan, next: [:])) == [.noEdge(a, .succeeded)])
        #expect(
            flow(.init(a, .plan, next: [.succeeded: .end(.stuck), .failed: .end(.stuck)]))
                == [.noSuchOutcome(a, .failed)])
        #expect(flow(.init(a, .plan, next: [.succeeded: .step(b)])) == [.noSuchStep(b)])
        #expect(flow(.init(a, .plan, next: end), .init(b, .plan, next: end)) == [.unreachable(b)])
        #expect(
            flow(.init(a, .plan, next: [.succeeded: .step(b)]), .init(b, .plan, next: [.succeeded: .step(a)]))
                == [.endless(a), .endless(b)])
        #expect(flow(.init(a, .plan, next: [.succeeded: .end(.completed)])) == [.unproven(a)])
    }
}

extension TaskRequest {
    /// A request as flows ask of it.
    static func sample(approval: DeliverySettings.Approval = .none, rounds: Int = 3) -> TaskRequest {
        let address = TaskAddress(
            company: CompanyID(validated: "acme"), project: ProjectID(validated: "web"), task: TaskID(validated: "t"))
        return TaskRequest(
            task: TaskSettings(address: address, title: "t"),
            repository: RepositorySettings(remoteURL: "https://example.org/r.git"),
            validation: ValidationSettings(maxRepairRounds: rounds), delivery: DeliverySettings(approval: approval))
    }
}
