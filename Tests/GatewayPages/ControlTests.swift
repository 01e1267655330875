import Testing

@testable import GatewayPages

/// Which verbs a task is offered.
@Suite struct ControlTests {
    private func verbs(_ status: String, isSuccess: Bool = false) -> Set<String> {
        let controls = TaskControls(
            TaskName(company: "a", project: "b", task: "c"), status: status, isSuccess: isSuccess)
        let verbs: [(String, Bool)] = [
            ("approve", controls.approval != nil), ("pause", controls.mayPause), ("resume", controls.mayResume),
            ("retry", controls.mayRetry), ("cancel", controls.mayCancel), ("steer", controls.isOpen),
        ]
        return Set(verbs.filter(\.1).map(\.0))
    }

    @Test(arguments: [
        ("queued", ["pause", "cancel", "steer"]), ("running", ["pause", "cancel", "steer"]),
        ("paused", ["resume", "cancel", "steer"]), ("awaiting_approval", ["approve", "cancel", "steer"]),
        ("stuck", ["retry"]), ("cancelled", ["retry"]),
    ])
    func `a task is offered what its status allows`(_ status: String, _ expected: [String]) {
        #expect(verbs(status) == Set(expected))
    }

    @Test func `a task that ended well is offered nothing`() { #expect(verbs("completed", isSuccess: true) == []) }

    @Test func `the steps before the current one are done, those behind it are not begun`() {
        func track(_ status: String, isOpen: Bool = true, isSuccess: Bool = false) -> [TaskHead.Stage] {
            TaskHead.Stage.track(
                ["plan", "implementation", "validation", "push"], current: "implementation", status: status, round: 1,
                isOpen: isOpen, isSuccess: isSuccess)
        }
        let running = track("running")
        #expect(running.map(\.state.text) == ["Done", "Running", "Not yet", "Not yet"])
        #expect(running.map(\.isCurrent) == [false, true, false, false])
        #expect(running[1].round == "round 2")
        #expect(track("stuck", isOpen: false).map(\.state.text) == ["Done", "Stuck", "Not yet", "Not yet"])
        #expect(track("completed", isOpen: false, isSuccess: true).allSatisfy { $0.state.text == "Done" })
    }

    @Test func `a company that rests can go on, and one that works can rest`() throws {
        func markup(_ standing: CompanyStanding, _ role: Visitor.Role = .operator) throws -> [String] {
            let samples = Samples(role: role)
            var page = samples.settings
            page.standing = standing
            let elements = try Markup(page.render(in: samples.frame("/settings?company=acme"))).elements
            let buttons = elements.filter { $0.name == "button" && $0["name"] == "action" }
            return buttons.compactMap { $0["value"] }
        }
        let paused = CompanyStanding("acme", pausedBy: "alice", status: "reached")
        #expect(paused.state == Badge("At a checkpoint", .warn) && paused.action == "/actions/companies/acme")
        #expect(try markup(paused) == ["resume"])
        #expect(CompanyStanding("acme", pausedBy: "alice", status: "paused").state == Badge("Paused", .warn))
        #expect(try markup(CompanyStanding("acme")) == ["pause", "checkpoint"])
        #expect(try markup(CompanyStanding("acme"), .viewer) == [])
    }

    @Test func `a task shows its sub-tasks where it has some`() throws {
        let samples = Samples()
        func links(_ overview: TaskOverview) throws -> [String] {
            let page = samples.task(.overview(overview), .overview)
            let elements = try Markup(page.render(in: samples.frame("/t"))).elements
            return elements.filter { $0.name == "a" && $0.path.contains("td") }.compactMap { $0["href"] }
        }
        #expect(try links(samples.overview) == samples.rows.prefix(2).map(\.name.href))
        #expect(try links(TaskOverview(description: "d")) == [])
    }

    @Test func `what happens to several tasks says how many, and how many are left alone`() {
        let page = BulkPage(action: "cancel", count: 1204, skipped: 1, first: Samples().rows, fields: [])
        #expect(page.title == "Cancel 1,204 tasks?")
        #expect(page.skipped == "1 other task cannot take it and are left alone")
        #expect(page.more == "1,196 more tasks")
        #expect(page.isDangerous)
    }
}
