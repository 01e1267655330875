import ArgumentParser
import Contracts
import Foundation
import Foundations
import TestSupport
import Testing

@testable import CommandLineTool

@Suite struct CatalogueCommandTests {
    private func spec(_ arguments: [String], over base: JSONValue = [:]) throws -> JSONValue {
        try DefineCommand.parse(["project", "acme/web"] + arguments).changed(base)
    }

    @Test func `a place is named by its ids, and the platform by -`() throws {
        for (text, ids) in [
            ("-", ["-", "-", "-"]), ("acme", ["acme", "-", "-"]), ("acme/web", ["acme", "web", "-"]),
            ("acme/-/gpu", ["acme", "-", "gpu"]), ("acme/web/nightly", ["acme", "web", "nightly"]),
        ] {
            let address = try TaskAddress(place: text)
            #expect([address.company.text, address.project.text, address.task.text] == ids)
        }
        for text in ["", "a/", "a b", "a/b/c/d"] {
            #expect(throws: (any Error).self) { try TaskAddress(place: text) }
        }
    }

    @Test func `flags change what a field holds, as JSON or else as text`() throws {
        let base: JSONValue = ["status": "active", "metadata": ["a": 1], "agent": ["model": "m"]]
        let changed = try spec(
            [
                "--set", "status=paused", "--set", "metadata.team=7", "--set", "agent.model=null", "--set",
                "validation.commands=[\"make test\"]", "--set", "delivery.push=false",
            ], over: base)
        #expect(
            changed == [
                "status": "paused", "metadata": ["a": 1, "team": 7], "agent": ["model": nil],
                "validation": ["commands": ["make test"]], "delivery": ["push": false],
            ])
    }

    @Test func `a token is named by its variable and never by its value`() throws {
        #expect(throws: Failure.self) { try spec(["--token-variable", "NO_SUCH_VARIABLE_OF_OURS"]) }
        #expect(
            try spec(["--token-variable", "PATH"])["repository"]?["credentials"]?["credential_type"] == "access_token")
    }

    @Test func `the default project is a folder with a repository, or a URL`() throws {
        let folder = try TemporaryFolder("default-project")
        #expect(throws: Failure.self) { try DefaultProject(folder.path("nothing")) }
        #expect(throws: Failure.self) { try DefaultProject(folder.path(".")) }
        try FileManager.default.createDirectory(atPath: folder.path(".git"), withIntermediateDirectories: true)
        #expect(try DefaultProject(folder.path(".")).remote == folder.path)
        for url in ["https://git.example.com/web.git", "git@git.example.com:web.git"] {
            #expect(try DefaultProject(url).remote == url)
        }
    }

    @Test func `a request without a repository is for the project to complete`() throws {
        let body = try SubmitCommand.parse(["--description", "Add a health check"]).request()
        #expect(body["repository"] == nil)
        #expect(body["task"]?["project_id"] == "default" && body["task"]?["company_id"] == "local")
    }
}
