import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Projects, settings and limits on a running platform.
@Suite(.timeLimit(.minutes(3))) struct CatalogueTests {
    static let roles: [Role] = [
        .coder("of-the-project", Sample.repair), .coder("of-the-company", Sample.repair),
        .coder("of-both", Sample.repair),
    ]

    /// A project of a test's own. A task of it says nothing but what is to be done.
    private struct Project {
        let platform: Platform
        let company: String
        let name = "p-\(UUID().uuidString.prefix(8).lowercased())"

        /// - Parameter company: Its own, where the test changes what holds for all of a company.
        init(_ platform: Platform, company: String = "acme") {
            self.platform = platform
            self.company = company
        }

        func place(_ project: String, _ task: String) -> TaskDraft {
            var draft = TaskDraft("catalogue", remote: "")
            (draft.company, draft.project, draft.id) = (company, project, task)
            return draft
        }

        func ask(_ type: RequestType, _ body: JSONValue, of project: String? = nil) async throws -> Reply {
            try await platform.request(place(project ?? name, "-"), type, body.data())
        }

        func define(_ spec: JSONValue) async throws -> [String: JSONValue] {
            try await ask(.define, DefineRequest("project", spec).json).fields()
        }

        func ofCompany(_ kind: String, _ spec: JSONValue) async throws {
            _ = try await ask(.define, DefineRequest(kind, spec).json, of: "-").fields()
        }

        func submit(_ task: String, _ body: JSONValue = ["task": ["description": "Repair app.txt"]]) async throws
            -> Reply
        {
            try await platform.request(place(name, task), .submit, body.data())
        }

        func end(of task: String) async throws -> EndedTask { try await platform.end(of: place(name, task)) }
    }

    /// A task's id, which the log of events knows it by.
    private func id() -> String { "described-\(UUID().uuidString.prefix(8).lowercased())" }

    @Test func `a task that says nothing but what is to be done is done as its project says`() async throws {
        let platform = try await Platform.shared()
        let remote = try await AuthenticatedRemote(
            GitRemote(files: Sample.files), password: "pw-marker-\(UUID().uuidString.lowercased())")
        let project = Project(platform)
        let spec: JSONValue = [
            "description": "The shop",
            "repository": [
                "remote_url": .string(remote.url), "branch": "main",
                "credentials": [
                    "credential_type": "username_password", "username": .string(remote.user),
                    "password": .string(remote.password),
                ],
            ],
            "agent": ["model": "of-the-project"], "validation": ["commands": Sample.commands],
        ]
        #expect(try await project.define(spec) == ["version": 1, "created": true])
        #expect(try await project.define(spec) == ["version": 1, "created": false])
        let task = id()
        _ = try await project.submit(task).fields()
        let end = try await project.end(of: task)
        #expect(end.result.status == .completed, "\(end.result.errorMessage ?? "")")
        #expect(end.details(.workflowStarted).first?["title"] == "Repair app.txt")
        let branch = try #require(end.result.branchName)
        #expect(try await remote.repository.changedFiles(from: "main", to: branch) == ["app.txt"])
        // The same again, and other content, also after the project has changed.
        _ = try await project.define(["status": "paused"])
        #expect(try await project.submit(task).fields()["duplicate"] == true)
        let other: JSONValue = ["task": ["title": "Something else"]]
        #expect(try await project.submit(id(), other).refusal().code == "not_possible")
        try await isSecret(remote.password, project)
    }

    /// A project's password is in no answer, row, log or file.
    private func isSecret(_ password: String, _ project: Project) async throws {
        let platform = project.platform
        let shown = try await project.ask(.describe, ["kind": "project", "version": 1]).fields()
        #expect(shown["spec"]?["repository"]?["credentials"] == ["credential_type": "sealed", "sealed": ""])
        let dump = try await Program.run(["pg_dump", "--dbname", platform.databaseURL])
        #expect(dump.contains(project.name) && !dump.contains(password))
        for line in platform.services.elements.flatMap(\.process.output.elements) { #expect(!line.contains(password)) }
        for folder in [platform.nats.folder.path, platform.folder.path] {
            let found = try? await Program.run(["grep", "-rlaF", "-e", password, "--", folder])
            #expect(found == nil, "\(found ?? "")")
        }
    }

    @Test func `settings of a company hold for its next task, below its project's`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let project = Project(platform, company: "c-\(UUID().uuidString.prefix(8).lowercased())")
        let repository: JSONValue = ["remote_url": .string(remote.url)]
        let validation: JSONValue = ["commands": Sample.commands]
        try await project.ofCompany("settings", ["model": "of-the-company", "push": false, "task_timeout": 600])
        _ = try await project.define(["repository": repository, "validation": validation])
        let first = id()
        _ = try await project.submit(first).fields()
        let kept = try await project.end(of: first)
        #expect(kept.result.status == .completed, "\(kept.result.errorMessage ?? "")")
        #expect(try await remote.branches() == ["main"])
        #expect(try platform.witness("of-the-company").isEmpty == false)
        let rows = try await platform.rows("select timeout_seconds from tasks where task_id = \(first)")
        #expect(rows.first?["timeout_seconds"] == 600)
        _ = try await project.define([
            "repository": repository, "validation": validation, "delivery": ["push": true],
            "agent": ["model": "of-both"],
        ])
        let second = id()
        _ = try await project.submit(second).fields()
        _ = try await project.end(of: second)
        #expect(try await remote.branches().count == 2)
        #expect(try platform.witness("of-both").isEmpty == false)
    }

    @Test func `beyond the limit of a company a submission is told to come later`() async throws {
        let platform = try await Platform.shared()
        let project = Project(platform, company: "c-\(UUID().uuidString.prefix(8).lowercased())")
        try await project.ofCompany("limits", ["max_waiting": 0])
        _ = try await project.define(["repository": ["remote_url": "/nowhere/remote.git"]])
        guard case .error("over_limit", let message, let seconds) = try await project.submit(id()) else {
            Issue.record("there is no limit")
            return
        }
        #expect(message.contains("max_waiting") && seconds ?? 0 > 0)
        let place = "\(project.company)/\(project.name)"
        #expect(try await platform.tool(["describe", "limits", project.company]).contains("\"max_waiting\" : 0"))
        #expect(try await platform.tool(["remove", "limits", project.company]) == "removed\n")
        #expect(try await platform.tool(["define", "project", place, "--set", "status=archived"]) == "version 2\n")
        #expect(try await platform.tool(["list", "project", project.company]).hasPrefix("\(project.name)  version 2"))
        let listed = try await platform.tool([
            "list", "project", project.company, "--filter", "status=active", "--json",
        ])
        #expect(try JSONValue(parsing: listed)["items"] == [])
    }
}
