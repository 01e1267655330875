import BrowserSupport
import Contracts
import Database
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// What people do with the pages, in a browser over a whole platform: with the pages' script, and without.
@Suite(.serialized, .enabled(if: Browser.program != nil, "needs Chromium"), .timeLimit(.minutes(4)))
struct DashboardTests {
    private static var settings: PlatformSettings {
        var settings = PlatformSettings(
            roles: [.coder("scripted", Sample.repair), .coder("other", Sample.repair), .anyPlanner])
        // So that there is something to watch.
        settings.modelLatencyMilliseconds = 100
        return settings
    }

    @Test(arguments: [true, false])
    func `a task is added, its plan approved, and it is watched to its push`(_ hasScript: Bool) async throws {
        let remote = try await GitRemote(files: Sample.files)
        try await Dashboard.with(Self.settings, remote, hasScript: hasScript) { dashboard in
            try await dashboard.signIn()
            let task = try await dashboard.add("Repair app.txt\nIt is stale.", approval: "plan")
            if hasScript { try await dashboard.sees("document.querySelector('#live').dataset.state === 'live'") }
            try await dashboard.sees(
                "document.querySelector('.approval') !== null && \(text("#task-controls")).includes('Change the file')")
            try await dashboard.press("#task-controls button[value=approve]")
            #expect(try await dashboard.tab.text("#notice") == "Approved.")
            let end = try await dashboard.platform.end(of: task)
            #expect(end.result.status == .completed, "\(end.result.errorMessage ?? "")")
            let commit = try #require(end.result.commitHash)
            try await dashboard.sees("\(text("#task-head")).includes('\(commit)')")
            #expect(try await dashboard.tab.text("#task-head .head .badge") == "Completed")
            let branch = try #require(end.result.branchName)
            #expect(try await remote.commitID(branch) == commit)
            try await looksAtViews(of: task, dashboard)
            try await dashboard.open("/")
            #expect(try await dashboard.tab.text("#pushes")?.contains(branch) == true)
            try await filtersLogs(of: task, dashboard)
        }
    }

    private func looksAtViews(of task: TaskDraft, _ dashboard: Dashboard) async throws {
        let views = [
            ("overview", "It is stale."), ("timeline", "Implementation"), ("diff", "app.txt"),
            ("validation", "sh check.sh"), ("evidence", "sh check.sh"), ("events", "workflow_completed"),
        ]
        for (view, shown) in views {
            try await dashboard.open("/tasks/\(task.reference)?view=\(view)")
            #expect(try await dashboard.tab.text("#view")?.contains(shown) == true, "\(view)")
        }
    }

    private func filtersLogs(of task: TaskDraft, _ dashboard: Dashboard) async throws {
        try await eventually("its lines are recorded") {
            let lines = try await dashboard.platform.tool(["logs", "500", "--task", task.reference])
            return lines.split(separator: "\n").contains { $0.contains("coder") && $0.contains("step finished") }
        }
        try await dashboard.open("/logs")
        try await dashboard.choose("coder", in: ".filter select[name=service]")
        try await dashboard.choose(task.reference, in: ".filter input[name=task]")
        try await dashboard.choose("step finished", in: ".filter input[name=text]")
        try await dashboard.press(".filter button")
        let found = try await dashboard.tab.evaluate(
            "[...document.querySelectorAll('#log-lines li')].map((line) => line.textContent)")
        let lines = try #require(found.arrayValue).compactMap(\.stringValue)
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { $0.contains("coder-1") && $0.contains("step finished") }, "\(lines)")
    }

    @Test(arguments: [true, false])
    func `the platform is held, walks through a checkpoint, and a setting is in force for the next task`(
        _ hasScript: Bool
    ) async throws {
        let remote = try await GitRemote(files: Sample.files)
        try await Dashboard.with(Self.settings, remote, hasScript: hasScript) { dashboard in
            try await dashboard.signIn()
            try await holdsAndGoesOn(dashboard)
            try await pausesReplica(dashboard)
            try await walksThroughCheckpoint(dashboard)
            try await changesModel(dashboard)
            try await dashboard.press(".account form button")
            try await dashboard.sees("location.pathname === '/sign-in'")
            try await dashboard.open("/")
            #expect(try await dashboard.tab.evaluate("location.pathname") == "/sign-in")
        }
    }

    private func holdsAndGoesOn(_ dashboard: Dashboard) async throws {
        try await dashboard.press("#fleet-status button[value=pause]")
        #expect(try await dashboard.tab.text("#fleet-status .badge") == "Paused")
        let task = try await dashboard.add("Repair app.txt")
        try await dashboard.sees("\(text("#task-head")).includes('held by a pause')")
        try await dashboard.open("/")
        try await dashboard.press("#fleet-status button[value=resume]")
        #expect(try await dashboard.tab.text("#fleet-status .badge") == "Running")
        #expect(try await dashboard.platform.end(of: task).result.status == .completed)
        let pauses = try await dashboard.platform.rows("select paused_by = resumed_by as same, paused_by from pauses")
        #expect(pauses.count == 1 && pauses.first?["same"] == true)
        // Whom it is put down to: the name of the token.
        #expect(pauses.first?["paused_by"]?.stringValue?.hasPrefix("admin-") == true)
    }

    private func pausesReplica(_ dashboard: Dashboard) async throws {
        let state = text("#replica-coder-1 .badge")
        try await dashboard.open("/")
        try await dashboard.press("#replica-coder-1 button[value=pause]")
        try await dashboard.sees("\(state) === 'Paused'")
        try await dashboard.press("#replica-coder-1 button[value=resume]")
        try await dashboard.sees("\(state) === 'Idle'")
    }

    /// The report is there before anybody has it go on.
    private func walksThroughCheckpoint(_ dashboard: Dashboard) async throws {
        try await dashboard.press("#fleet-status button[value=checkpoint]")
        #expect(try await dashboard.tab.text("#fleet-status .badge") == "Paused")
        try await dashboard.open("/reports")
        try await dashboard.finds("document.querySelector('#report-list tbody a') !== null")
        try await dashboard.press("#report-list tbody a")
        #expect(try await dashboard.tab.text("#report")?.contains("1 of 1 tasks ended with success") == true)
        try await dashboard.open("/")
        #expect(try await dashboard.tab.text("#fleet-status .badge") == "Paused")
        try await dashboard.press("#fleet-status button[value=resume]")
        #expect(try await dashboard.tab.text("#fleet-status .badge") == "Running")
    }

    private func changesModel(_ dashboard: Dashboard) async throws {
        try await dashboard.open("/settings")
        try await dashboard.choose("other", in: "#settings input[name=model]")
        try await dashboard.press("#settings button.primary")
        #expect(try await dashboard.tab.text("#notice") == "Saved.")
        #expect(try dashboard.platform.witness("other").isEmpty)
        let task = try await dashboard.add("Repair app.txt again")
        #expect(try await dashboard.platform.end(of: task).result.status == .completed)
        #expect(try dashboard.platform.witness("other").isEmpty == false)
    }

    /// The text of an element, as pages are asked for it.
    private func text(_ selector: String) -> String { "document.querySelector('\(selector)').textContent.trim()" }
}
