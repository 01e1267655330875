import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct CatalogueTests {
    private static let url = "https://git.example.com/web.git"

    private func project(_ name: String = "web", company: String = "acme") throws -> CataloguePlace {
        try #require(CataloguePlace(try address("-", company: company, project: name)))
    }

    private func company(_ name: String = "acme") throws -> CataloguePlace {
        CataloguePlace(company: try #require(CompanyID(name)))
    }

    private func define(
        _ fixture: Fixture, _ spec: JSONValue, at place: CataloguePlace, kind: String = ProjectSpec.kind,
        _ credentials: ProjectCredentials? = nil
    ) async throws -> CatalogueOutcome {
        try await fixture.store.define(CatalogueObject(kind, at: place, spec: spec, credentials: credentials))
    }

    private func withCredentials(_ url: String = url) -> JSONValue {
        ["repository": ["remote_url": .string(url), "credentials": ["credential_type": "sealed", "sealed": ""]]]
    }

    @Test func `the same content is the same version, other content the next, and what was removed counts on`()
        async throws
    {
        try await withStore { fixture in
            let place = try project()
            #expect(try await define(fixture, ["tags": ["a"]], at: place) == .defined(version: 1, created: true))
            #expect(try await define(fixture, ["tags": ["a"]], at: place) == .defined(version: 1, created: false))
            #expect(try await define(fixture, ["tags": ["b"]], at: place) == .defined(version: 2, created: true))
            #expect(try await define(fixture, ["tags": ["a"]], at: place) == .defined(version: 3, created: true))
            #expect(try await fixture.store.describe(ProjectSpec.kind, at: place)?.version == 3)
            let second = try await fixture.store.describe(ProjectSpec.kind, at: place, version: 2)
            #expect(second?.spec == ["tags": ["b"]] && second?.name == "web")
            #expect(try await fixture.store.remove(ProjectSpec.kind, at: place) == 3)
            #expect(try await fixture.store.remove(ProjectSpec.kind, at: place) == nil)
            #expect(try await fixture.store.describe(ProjectSpec.kind, at: place) == nil)
            #expect(try await fixture.store.describe(ProjectSpec.kind, at: place, version: 3) != nil)
            #expect(try await define(fixture, ["tags": ["a"]], at: place) == .defined(version: 4, created: true))
        }
    }

    @Test func `versions say who defined them and when, also after their object was removed`() async throws {
        try await withStore { fixture in
            let place = try project()
            for (number, actor) in ["ann", nil, "cy\0"].enumerated() {
                let object = CatalogueObject(ProjectSpec.kind, at: place, spec: ["tags": [.string("\(number)")]])
                _ = try await fixture.store.define(object, by: actor)
                // The same again is no version of somebody else.
                _ = try await fixture.store.define(object, by: "ben")
            }
            let other = CatalogueObject(ProjectSpec.kind, at: try project("other"), spec: [:])
            _ = try await fixture.store.define(other, by: "ben")
            _ = try await fixture.store.remove(ProjectSpec.kind, at: place)
            let versions = try await fixture.store.versions(ProjectSpec.kind, at: place, limit: 20)
            #expect(versions.map(\.version) == [3, 2, 1])
            #expect(versions.map(\.createdBy) == ["cy\u{FFFD}", nil, "ann"])
            #expect(versions.map(\.spec) == [["tags": ["2"]], ["tags": ["1"]], ["tags": ["0"]]])
            let times = versions.compactMap(\.createdAt)
            #expect(times.count == 3 && times == times.sorted(by: >))
            #expect(try await fixture.store.versions(ProjectSpec.kind, at: place, limit: 2).map(\.version) == [3, 2])
            #expect(try await fixture.store.describe(ProjectSpec.kind, at: place, version: 1) == versions.last)
        }
    }

    @Test func `of definitions at once each version is made once, and one is in force`() async throws {
        try await withStore(connections: 8) { fixture in
            let place = try project()
            let outcomes = try await withThrowingTaskGroup(of: CatalogueOutcome.self) { group in
                for number in 0..<16 {
                    group.addTask { try await define(fixture, ["tags": [.string("\(number % 2)")]], at: place) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let made = outcomes.compactMap { if case .defined(let version, true) = $0 { version } else { nil } }
            #expect(made.sorted() == Array(1...made.count))
            let current: SQL = "select count(*) as value from catalogue where is_current"
            #expect(try await fixture.value(current) == 1)
        }
    }

    @Test func `credentials are kept apart, known again, replaced, and gone with their project`() async throws {
        try await withStore { fixture in
            let place = try project()
            let first = ProjectCredentials(for: Self.url, sealed: "seal 1", contentHash: "one")
            let again = ProjectCredentials(for: Self.url, sealed: "seal 2", contentHash: "one")
            let kept = ProjectCredentials(keptFor: Self.url)
            let other = ProjectCredentials(for: Self.url, sealed: "seal 3", contentHash: "two")
            func seals() async throws -> [String] {
                try await fixture.values("select sealed as value from project_credentials")
            }
            let spec = withCredentials()
            #expect(try await define(fixture, spec, at: place, kept) == .noCredentials)
            #expect(try await define(fixture, spec, at: place, first) == .defined(version: 1, created: true))
            #expect(try await define(fixture, spec, at: place, again) == .defined(version: 1, created: false))
            #expect(try await define(fixture, spec, at: place, kept) == .defined(version: 1, created: false))
            #expect(try await seals() == ["seal 1"])
            #expect(try await define(fixture, spec, at: place, other) == .defined(version: 2, created: true))
            #expect(try await seals() == ["seal 3"])
            let moved = ProjectCredentials(keptFor: "https://elsewhere.example.com/")
            #expect(
                try await define(fixture, withCredentials("https://elsewhere.example.com/"), at: place, moved)
                    == .noCredentials)
            let open: JSONValue = ["repository": ["remote_url": .string(Self.url)]]
            #expect(try await define(fixture, open, at: place) == .defined(version: 3, created: true))
            #expect(try await seals().isEmpty)
            _ = try await define(fixture, spec, at: place, first)
            _ = try await fixture.store.remove(ProjectSpec.kind, at: place)
            #expect(try await seals().isEmpty)
        }
    }

    @Test func `plain credentials are refused by the database`() async throws {
        try await withStore { fixture in
            let spec: JSONValue = [
                "repository": [
                    "remote_url": .string(Self.url),
                    "credentials": ["credential_type": "access_token", "access_token": "t"],
                ]
            ]
            let place = try project()
            await #expect(throws: DatabaseError.self) { try await define(fixture, spec, at: place) }
        }
    }

    @Test func `what holds for a task is its project's, with the seal, and the nearest settings`() async throws {
        try await withStore { fixture in
            let own = try address("t1")
            #expect(try await fixture.store.defaults(of: own) == TaskDefaults())
            _ = try await define(
                fixture, withCredentials(), at: try project(),
                ProjectCredentials(for: Self.url, sealed: "the seal", contentHash: "h"))
            _ = try await define(fixture, ["tags": ["x"]], at: try project("other"))
            let settings: [(String, JSONValue)] = [
                ("-", ["model": "wide", "push": false, "worker_concurrency": ["coder": 2]]),
                ("acme", ["model": "near"]), ("other", ["model": "foreign"]),
            ]
            for (name, spec) in settings {
                _ = try await define(fixture, spec, at: try company(name), kind: SettingsSpec.kind)
            }
            _ = try await define(fixture, ["max_waiting": 9], at: try company("-"), kind: LimitsSpec.kind)
            let defaults = try await fixture.store.defaults(of: own)
            #expect(
                defaults.project?["repository"] == [
                    "remote_url": .string(Self.url),
                    "credentials": ["credential_type": "sealed", "sealed": "the seal"],
                ])
            #expect(defaults.settings.model == "near" && defaults.settings.push == false)
            #expect(defaults.limits == LimitsSpec(maxWaiting: 9))
            #expect(try await fixture.store.settings().model == "wide")
            #expect(try await fixture.store.settings().workerConcurrency == [.coder: 2])
            #expect(try await fixture.store.settings(of: CompanyID(validated: "acme")) == defaults.settings)
            _ = try await fixture.store.remove(SettingsSpec.kind, at: try company())
            #expect(try await fixture.store.defaults(of: own).settings.model == "wide")
        }
    }

    @Test func `a list is of what is in force in its scope, in pages, the newest first`() async throws {
        try await withStore { fixture in
            let acme = CompanyID(validated: "acme")
            for number in 0..<7 {
                let status: JSONValue = number < 2 ? ["status": "paused"] : [:]
                _ = try await define(fixture, status, at: try project("p\(number)"))
            }
            _ = try await define(fixture, ["tags": ["b"]], at: try project("p3"))
            _ = try await define(fixture, [:], at: try project("foreign", company: "other"))
            _ = try await define(fixture, [:], at: try project("gone"))
            _ = try await fixture.store.remove(ProjectSpec.kind, at: try project("gone"))
            func names(_ scope: QueryScope, filter: [String: JSONValue] = [:]) async throws -> [String] {
                var (names, cursor) = ([String](), String?.none)
                repeat {
                    let request = QueryRequest(ProjectSpec.kind, filter: filter, limit: 2, cursor: cursor)
                    let page = try await fixture.store.list(request, of: ProjectSpec.self, in: scope)
                    names += page.items.compactMap { $0["name"]?.stringValue }
                    cursor = page.cursor
                } while cursor != nil
                return names
            }
            let own = ["p3", "p6", "p5", "p4", "p2", "p1", "p0"]
            #expect(try await names(.company(acme)) == own)
            #expect(try await names(.platform) == ["foreign"] + own)
            #expect(try await names(.company(acme), filter: ["status": "paused"]) == ["p1", "p0"])
            #expect(try await names(.company(acme), filter: ["status": ["active", "archived"]]).count == 5)
            let first = try await fixture.store.list(
                QueryRequest("x", limit: 1), of: ProjectSpec.self, in: .company(acme))
            #expect(first.items.first?["version"] == 2 && first.items.first?["company_id"] == "acme")
            await #expect(throws: FieldError.self) { try await names(.platform, filter: ["nonsense": 1]) }
        }
    }

    @Test func `a limit that the tool sets is the one of the catalogue, and leaves the others`() async throws {
        try await withStore { fixture in
            let place = try company()
            _ = try await define(fixture, ["max_waiting": 5], at: place, kind: LimitsSpec.kind)
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 2))
            let both: JSONValue = ["max_waiting": 5, "max_running": 2]
            #expect(try await fixture.store.describe(LimitsSpec.kind, at: place)?.spec == both)
            #expect(try await fixture.store.removeLimit(of: "acme"))
            #expect(try await fixture.store.describe(LimitsSpec.kind, at: place)?.spec == ["max_waiting": 5])
            #expect(try await !fixture.store.removeLimit(of: "acme"))
        }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct WaitingLimitTests {
    private func submit(_ fixture: Fixture, _ task: String, company: String = "acme") async throws -> SubmissionOutcome
    {
        try await fixture.store.submit(
            Submission(
                request: request(try address(task, company: company)), contentHash: "hash of \(task)", maxWaiting: 3))
    }

    @Test func `of submissions at once as many wait as may, and the same again is known`() async throws {
        try await withStore(connections: 8) { fixture in
            let outcomes = try await withThrowingTaskGroup(of: SubmissionOutcome.self) { group in
                for number in 0..<12 { group.addTask { try await submit(fixture, "t\(number)") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .tooManyWaiting }.count == 9)
            #expect(try await fixture.value("select count(*) as value from tasks") == 3)
            let known: String = try #require(try await fixture.value("select min(task_id) as value from tasks"))
            guard case .duplicate = try await submit(fixture, known) else {
                Issue.record("a task that waits is not known")
                return
            }
            guard case .accepted = try await submit(fixture, "t1", company: "other") else {
                Issue.record("another company has no room")
                return
            }
        }
    }

    @Test func `what is begun or has ended waits no more`() async throws {
        try await withStore { fixture in
            for task in ["t1", "t2", "t3"] { _ = try await submit(fixture, task) }
            #expect(try await submit(fixture, "t4") == .tooManyWaiting)
            let run = try await fixture.claim()
            guard case .accepted = try await submit(fixture, "t4") else {
                Issue.record("there is room")
                return
            }
            _ = try await fixture.store.release(run.claim)
            #expect(try await submit(fixture, "t5") == .tooManyWaiting)
            _ = try await fixture.store.control(try address("t3"), .cancel)
            guard case .accepted = try await submit(fixture, "t5") else {
                Issue.record("there is room")
                return
            }
        }
    }

    @Test func `a task that an earlier version recorded is known by its hash`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let again = Submission(
                request: request(try address("t1")), contentHash: "2:new", earlierHash: "hash of t1")
            guard case .duplicate = try await fixture.store.submit(again) else {
                Issue.record("it is not known")
                return
            }
        }
    }
}
