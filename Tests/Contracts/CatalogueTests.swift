import Contracts
import Foundation
import Foundations
import Testing

/// What may be said of the objects of the catalogue.
@Suite struct CatalogueTests {
    private static let places: [CataloguePlace.Level: TaskAddress] = [
        .platform: Sample.platformPlace,
        .company: TaskAddress(company: Sample.address.company, project: .all, task: .all),
        .project: Sample.projectPlace,
        .ofCompany: TaskAddress(company: Sample.address.company, project: .all, task: Sample.address.task),
        .ofProject: Sample.address,
    ]

    private static func read<Spec: CatalogueSpec>(
        _ spec: JSONValue, _ level: CataloguePlace.Level? = nil, as type: Spec.Type = Spec.self
    ) throws -> Spec {
        let level = try #require(level ?? CataloguePlace.Level.allCases.first(where: type.levels.contains))
        return try Spec(FieldReader(spec), at: Spec.place(try #require(places[level])))
    }

    private static func fault(_ spec: JSONValue, of kind: any CatalogueSpec.Type) -> String {
        func read<Spec: CatalogueSpec>(_ type: Spec.Type) throws { _ = try Self.read(spec, as: type) }
        let error = #expect(throws: FieldError.self) { try read(kind) }
        return error?.description ?? "none"
    }

    @Test func `the subject names a place, and the object by the last of its ids`() throws {
        let names = try Self.places.mapValues { try #require(CataloguePlace($0)) }
        for (level, place) in names { #expect(place.level == level) }
        #expect(
            names.mapValues(\.name) == [
                .platform: "-", .company: "acme", .project: "web", .ofCompany: "fix-login", .ofProject: "fix-login",
            ])
        for address in [
            TaskAddress(company: .all, project: Sample.address.project, task: .all),
            TaskAddress(company: .all, project: .all, task: Sample.address.task),
        ] { #expect(CataloguePlace(address) == nil) }
    }

    @Test func `a kind stands where its row says, and nowhere else`() {
        for kind in Catalogue.kinds {
            for (level, address) in Self.places {
                let isThere = (try? kind.place(address)) != nil
                #expect(isThere == kind.levels.contains(level), "\(kind.kind) at \(level)")
            }
        }
    }

    @Test func `every kind of the contract is there, or said to come`() throws {
        let contract = ["project", "template", "workflow", "resource", "session", "profile", "limits", "settings"]
        var built: [String] = []
        for name in contract {
            do throws(FieldError) {
                built.append(try Catalogue.kind(named: name).kind)
            } catch {
                #expect(error.description == "kind: \(name) is not built yet")
            }
        }
        #expect(built == ["project", "limits", "settings"])
    }

    @Test(
        arguments: [
            ("project", ["session_id": "s"], "session_id: not built yet"),
            ("project", ["template": "t"], "template: not built yet"),
            ("project", ["statsu": "active"], "statsu: there is no such field; the fields here are "),
            ("project", ["status": "asleep"], "status: expected one of planning, active, paused, completed, archived"),
            ("project", ["type": "a b"], "type: expected [A-Za-z0-9_-]{1,64}"),
            ("project", ["repository": ["branch": "b"]], "repository.remote_url: missing"),
            ("project", ["repository": ["remote_url": "https://a:b@c/d"]], "repository.remote_url: must not hold"),
            ("project", ["agent": ["max_iterations": 0]], "agent.max_iterations: expected 1…10000"),
            ("project", ["agent": ["mode": "team"]], "agent.mode: not built yet"),
            ("project", ["agent": ["allowed_tools": ["rm"]]], "agent.allowed_tools[0]: there is no tool"),
            ("project", ["agent": []], "agent: expected an object, got a list"),
            ("project", ["validation": ["require_tests": 1]], "validation.require_tests: expected true or false"),
            ("project", ["delivery": ["branch_name": "feat/x"]], "delivery.branch_name: is for a single task to say"),
            ("project", ["tags": [""]], "tags[0]: empty"),
            ("settings", ["checkpoint_days": 366], "checkpoint_days: expected 0…365"),
            ("settings", ["modle": "m"], "modle: there is no such field; the fields here are "),
            ("settings", ["model": ""], "model: empty"),
            ("settings", ["max_retries": 101], "max_retries: expected 0…100"),
            ("settings", ["push": "yes"], "push: expected true or false, got a string"),
            ("settings", ["fallbacks": ["a", ""]], "fallbacks[1]: empty"),
            (
                "settings", ["worker_concurrency": ["notifier": 2]],
                "worker_concurrency.notifier: there is no such field"
            ),
            ("settings", ["worker_concurrency": ["coder": 0]], "worker_concurrency.coder: expected 1…10000"),
            ("limits", ["max_cost_usd_per_day": 5], "max_cost_usd_per_day: not built yet"),
            ("limits", ["models": ["m": ["rpm": 1]]], "models: not built yet"),
            ("limits", ["max_running": 0], "max_running: expected 1…1000000"),
            ("limits", ["max_waiting": -1], "max_waiting: expected 0…1000000"),
        ] as [(String, JSONValue, String)])
    func `what a spec may not say is refused by name`(_ kind: String, _ spec: JSONValue, _ expected: String) throws {
        let fault = Self.fault(spec, of: try Catalogue.kind(named: kind))
        #expect(fault.hasPrefix(expected), "\(fault)")
    }

    @Test func `replicas are the platform's, so that no company says how much they run`() throws {
        let spec: JSONValue = ["worker_concurrency": ["coder": 2]]
        #expect(try Self.read(spec, .platform, as: SettingsSpec.self).workerConcurrency == [.coder: 2])
        let error = #expect(throws: FieldError.self) { try Self.read(spec, .company, as: SettingsSpec.self) }
        #expect(error?.path == "worker_concurrency")
    }

    @Test(
        arguments: [
            ("project", ["status": "active", "type": "general", "description": "", "tags": [], "metadata": [:]]),
            ("project", ["agent": ["model": nil], "validation": nil, "delivery": [:], "repository": nil]),
            ("settings", ["model": nil, "worker_concurrency": [:]]), ("settings", ["worker_concurrency": nil]),
            ("limits", ["max_running": nil, "models": nil]),
        ] as [(String, JSONValue)])
    func `null and what holds anyway say nothing`(_ kind: String, _ spec: JSONValue) throws {
        func canonical<Spec: CatalogueSpec>(_ type: Spec.Type) throws -> JSONValue {
            try Self.read(spec, as: type).json
        }
        #expect(try canonical(try Catalogue.kind(named: kind)) == [:])
    }

    @Test func `a spec is read from its own form, and is the same then`() throws {
        func check(_ spec: some CatalogueSpec) throws {
            #expect(try Self.read(spec.json, as: type(of: spec)).json == spec.json)
        }
        try check(Sample.project)
        try check(Sample.settings)
        try check(LimitsSpec(maxWaiting: 3))
        #expect(try Self.read(Sample.settings.json, as: SettingsSpec.self) == Sample.settings)
    }

    @Test func `what a project says stays, also where it is what holds anyway`() throws {
        let spec: JSONValue = [
            "delivery": ["push": true, "approval": "none"],
            "agent": ["allowed_tools": ["run_cmd"], "unknown": 1, "max_iterations": nil],
        ]
        let project = try Self.read(spec, as: ProjectSpec.self)
        #expect(
            project.defaults == [
                "delivery": ["push": true, "approval": "none"], "agent": ["allowed_tools": ["run_shell_command"]],
            ])
    }

    @Test func `of settings the nearest that says something holds`() throws {
        var company = SettingsSpec()
        (company.model, company.push, company.maxRetries) = ("near", false, 0)
        let settings = company.over(Sample.settings)
        #expect(settings.model == "near" && settings.plannerModel == "openai/gpt-5")
        #expect(settings.push == false && settings.maxRetries == 0 && settings.maxIterations == 40)
        #expect(settings.workerConcurrency == [.coder: 8, .validator: 2])
        #expect(SettingsSpec().over(Sample.settings) == Sample.settings)
        #expect(Sample.settings.over(SettingsSpec()) == Sample.settings)
    }
}
