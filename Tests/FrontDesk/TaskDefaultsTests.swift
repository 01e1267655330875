import Contracts
import Foundation
import Foundations
import FrontDesk
import Synchronization
import Testing

@testable import TaskStore

/// What a submission gets that says nothing of it.
@Suite struct TaskDefaultsTests {
    private static let described: JSONValue = ["task": ["description": "Repair the login\n\nIt fails."]]
    private static let url = "https://git.example.com/web.git"

    private func fixture(
        _ project: JSONValue?, _ change: (inout SubmissionRules) -> Void = { _ in }
    ) throws -> FrontDeskFixture {
        let fixture = try FrontDeskFixture(change)
        fixture.record.state.withLock { $0.defaults.project = project }
        return fixture
    }

    private func recorded(_ fixture: FrontDeskFixture) throws -> TaskRequest {
        try #require(fixture.record.state.withLock { $0.submissions[FrontDeskFixture.address]?.request })
    }

    @Test func `a task names nothing but what is to be done, and gets the rest from its project`() async throws {
        let fixture = try fixture([
            "repository": ["remote_url": .string(Self.url), "branch": "trunk"],
            "agent": ["model": "m", "max_iterations": 7], "validation": ["commands": ["make test"]],
            "delivery": ["approval": "push"],
        ])
        _ = try await fixture.ask(.submit, Self.described).fields()
        let request = try recorded(fixture)
        #expect(request.task.address == FrontDeskFixture.address && request.task.title == "Repair the login")
        #expect(request.repository == RepositorySettings(remoteURL: Self.url, branch: "trunk"))
        #expect(request.agent == AgentSettings(model: "m", maxIterations: 7))
        #expect(request.validation == ValidationSettings(commands: ["make test"]))
        #expect(request.delivery == DeliverySettings(approval: .push))
    }

    @Test func `where nobody names a repository the field is told`() async throws {
        for project in [nil, ["description": "Nothing yet"]] as [JSONValue?] {
            let fixture = try fixture(project)
            #expect(
                try await fixture.ask(.submit, Self.described)
                    == .error(
                        code: "invalid_request", message: "repository: missing, and the project has none either"))
            let branch: JSONValue = ["task": ["title": "t"], "repository": ["branch": "b"]]
            #expect(
                try await fixture.ask(.submit, branch)
                    == .error(
                        code: "invalid_request",
                        message: "repository.remote_url: missing, and the project has none either"))
        }
    }

    @Test func `a branch of its own is of the project's repository, and a repository of its own is its own`()
        async throws
    {
        let project: JSONValue = ["repository": ["remote_url": .string(Self.url), "branch": "trunk"]]
        let other = try fixture(project)
        _ = try await other.ask(.submit, ["task": ["title": "t"], "repository": ["branch": "next"]]).fields()
        #expect(try recorded(other).repository == RepositorySettings(remoteURL: Self.url, branch: "next"))
        let own = try fixture(project)
        let url = "https://git.example.com/other.git"
        _ = try await own.ask(.submit, ["task": ["title": "t"], "repository": ["remote_url": .string(url)]]).fields()
        #expect(try recorded(own).repository == RepositorySettings(remoteURL: url))
    }

    /// Who says something, from the nearest to the farthest.
    enum Level: Int, CaseIterable {
        case request, project, company, platform, environment, none
    }

    /// Everybody from `level` on says something.
    private func fixture(from level: Level) throws -> (FrontDeskFixture, body: JSONValue) {
        func says(_ one: Level) -> Bool { level.rawValue <= one.rawValue }
        func settings(_ one: Level) -> SettingsSpec {
            var settings = SettingsSpec()
            guard says(one) else { return settings }
            (settings.model, settings.plannerModel) = ("model of \(one)", "planner of \(one)")
            (settings.maxIterations, settings.taskTimeout) = (100 + one.rawValue, 100 + one.rawValue)
            settings.push = false
            return settings
        }
        func agent(_ one: Level) -> JSONValue {
            guard says(one) else { return [:] }
            return [
                "model": .string("model of \(one)"), "planner_model": .string("planner of \(one)"),
                "max_iterations": .int(100 + one.rawValue),
            ]
        }
        func delivery(_ one: Level) -> JSONValue { says(one) ? ["push": false] : [:] }
        let fixture = try FrontDeskFixture { $0.environment = settings(.environment) }
        let project: JSONValue = [
            "repository": ["remote_url": .string(Self.url)], "agent": agent(.project), "delivery": delivery(.project),
        ]
        fixture.record.state.withLock {
            $0.defaults = TaskDefaults(project: project, settings: settings(.company).over(settings(.platform)))
        }
        var body: [String: JSONValue] = [
            "task": ["title": "t"], "agent": agent(.request), "delivery": delivery(.request),
        ]
        if says(.request) { body["timeout_seconds"] = .int(100 + Level.request.rawValue) }
        return (fixture, .object(body))
    }

    @Test(arguments: Level.allCases)
    func `what the nearest says holds, and is recorded with the task`(_ level: Level) async throws {
        let (fixture, body) = try fixture(from: level)
        _ = try await fixture.ask(.submit, body).fields()
        let request = try recorded(fixture)
        guard level != .none else {
            #expect(request.agent == AgentSettings() && request.delivery.push && request.timeoutSeconds == nil)
            return
        }
        #expect(request.agent.model == "model of \(level)" && request.agent.plannerModel == "planner of \(level)")
        #expect(request.agent.maxIterations == 100 + level.rawValue)
        // A project has no time limit.
        #expect(request.timeoutSeconds == 100 + (level == .project ? Level.company : level).rawValue)
        #expect(!request.delivery.push)
    }

    @Test func `what is said to be the default goes before what is farther away`() async throws {
        let fixture = try fixture([
            "repository": ["remote_url": .string(Self.url)], "delivery": ["push": true],
        ])
        fixture.record.state.withLock { $0.defaults.settings.push = false }
        _ = try await fixture.ask(.submit, Self.described).fields()
        #expect(try recorded(fixture).delivery.push)
    }

    @Test func `the same content is the same task, whatever its project and the settings say by now`() async throws {
        let fixture = try fixture(["repository": ["remote_url": .string(Self.url)]])
        let first = try await fixture.ask(.submit, Self.described).fields()
        let later: [TaskDefaults] = [
            TaskDefaults(project: ["repository": ["remote_url": "https://git.example.com/moved.git"]]),
            TaskDefaults(project: ["status": "archived"]), TaskDefaults(),
        ]
        for defaults in later {
            fixture.record.state.withLock { $0.defaults = defaults }
            let again = try await fixture.ask(.submit, Self.described).fields()
            #expect(again["duplicate"] == true && again["workflow_id"] == first["workflow_id"])
        }
        fixture.record.state.withLock {
            $0.isFull = true
            $0.defaults.project = ["repository": ["remote_url": .string(Self.url)]]
        }
        #expect(try await fixture.ask(.submit, Self.described).fields()["duplicate"] == true)
        #expect(try await fixture.ask(.submit, ["task": ["title": "Something else"]]).code() == "over_limit")
        #expect(fixture.record.state.withLock { $0.submissions }.count == 1)
    }

    @Test(arguments: ProjectSpec.Status.allCases)
    func `a project takes new tasks while it is planned or active`(_ status: ProjectSpec.Status) async throws {
        let fixture = try fixture([
            "repository": ["remote_url": .string(Self.url)], "status": .string(status.rawValue),
        ])
        let reply = try await fixture.ask(.submit, Self.described)
        guard status != .planning, status != .active else {
            _ = try reply.fields()
            return
        }
        #expect(
            reply
                == .error(
                    code: "not_possible",
                    message: "task.project_id: the project is \(status.rawValue) and takes no new tasks"))
        #expect(fixture.record.state.withLock { $0.rejections }.map(\.code) == ["not_possible"])
    }

    @Test func `a submission beyond the limit is told when to try again`() async throws {
        let fixture = try fixture(["repository": ["remote_url": .string(Self.url)]])
        fixture.record.state.withLock {
            $0.isFull = true
            $0.defaults.limits.maxWaiting = 4
        }
        let reply = try await fixture.ask(.submit, Self.described)
        #expect(try reply.code() == "over_limit")
        #expect(reply.json["error"]?["retry_after_seconds"] == 30)
        fixture.record.state.withLock { $0.isFull = false }
        _ = try await fixture.ask(.submit, Self.described).fields()
        #expect(fixture.record.state.withLock { $0.submissions.values.first?.maxWaiting } == 4)
    }
}
