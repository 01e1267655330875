import Foundation
import Foundations
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ExitCodeTests {
    @Test(arguments: [
        ["submit", "--priority"], ["watch", "not-a-task"], ["up", "--replicas", "coder=0"], ["nonsense"],
        ["control", "steer", "a/b/c"], ["query", "tasks", "a/-/c"], ["query", "tasks", "--filter", "status"],
        ["tasks", "--company", "-"], ["define", "project", "acme/web"], ["define", "project", "a b", "--set", "a=b"],
        ["define", "project", "acme/web", "--set", "status"], ["list", "project", "a/b/c/d"],
    ])
    func `wrong usage exits with 64`(_ arguments: [String]) throws {
        #expect(try Executable.run(arguments).status == 64)
    }

    @Test(arguments: [
        ["ps"], ["down"], ["submit", "no-such-file.yaml"], ["up", "no-such-folder"], ["apply", "no-such-file.yaml"],
        ["up", "--tasks", "no-such-file.yaml"], ["open"],
    ])
    func `what is not there exits with 66`(_ arguments: [String]) throws {
        let outcome = try Executable.run(arguments)
        #expect(outcome.status == 66)
        #expect(outcome.errorOutput.hasPrefix("automata: "))
    }

    @Test(arguments: [
        ["status", "a/b/c"], ["watch", "a/b/c"], ["control", "cancel", "a/b/c"], ["tasks"], ["query", "queue", "acme"],
        ["webhooks", "list"], ["dead-letters", "show", "a/b/c"], ["describe", "limits", "-"], ["list", "project"],
        ["remove", "project", "a/b"], ["define", "project", "a/b", "--set", "status=paused"], ["add", "Do it"],
    ])
    func `a server that cannot be reached exits with 69`(_ arguments: [String]) throws {
        // Port 1 is reserved and nobody listens there.
        let outcome = try Executable.run(arguments, environment: ["NATS_URL": "nats://127.0.0.1:1"])
        #expect(outcome.status == 69)
        #expect(outcome.errorOutput.contains("NATS_URL"))
    }

    @Test func `a database that cannot be reached exits with 69`() throws {
        let outcome = try Executable.run(["limits"], environment: ["DATABASE_URL": "postgresql://127.0.0.1:1/none"])
        #expect(outcome.status == 69)
    }

    @Test(arguments: [["limits"], ["migrate"], ["keys"]])
    func `a missing setting exits with 78 and names it`(_ arguments: [String]) throws {
        let outcome = try Executable.run(arguments)
        #expect(outcome.status == 78)
        #expect(outcome.errorOutput.contains("_"))
    }

    @Test func `a request that is not as it should be exits with 75 and names the field`() throws {
        let outcome = try Executable.run([
            "submit", "--title", "Do it", "--remote", "https://a.example/r", "--priority", "17",
        ])
        #expect(outcome.status == 75)
        #expect(outcome.errorOutput.contains("task.priority"))
    }

    @Test func `a master key that is none exits with 78 and says why`() throws {
        let outcome = try Executable.run(["keys"], environment: ["AUTOMATA_MASTER_KEY": "short"])
        #expect(outcome.status == 78)
        #expect(outcome.errorOutput.contains("AUTOMATA_MASTER_KEY: expected"))
        #expect(!outcome.errorOutput.contains("short"))
    }

    @Test func `what is not JSON cannot be sealed`() throws {
        let keys = try Executable.run(["keys", "--new"]).output
        let key = try #require(keys.firstMatch(of: #/automata seal`: (\S+)/#)?.1)
        let arguments = ["seal", "--public-key", "\(key)", "--company", "acme", "--remote", "https://a.example/r"]
        let outcome = try Executable.run(arguments)
        #expect(outcome.status == 75)
        #expect(outcome.errorOutput.contains("not JSON"))
    }

    @Test func `fresh keys are printed as settings`() throws {
        let outcome = try Executable.run(["keys", "--new"])
        #expect(outcome.status == 0)
        for name in ["AUTOMATA_MASTER_KEY", "SEALING_KEY", "SIGNING_KEY", "VERIFY_KEY"] {
            #expect(outcome.output.contains("\(name)="))
        }
    }

    @Test func `doctor reports every check as JSON and fails where something is missing`() throws {
        let environment = ["NATS_URL": "nats://127.0.0.1:1", "DATABASE_URL": "postgresql://127.0.0.1:1/none"]
        let outcome = try Executable.run(["doctor", "--json"], environment: environment)
        #expect(outcome.status == 78)
        let findings = try JSONValue(parsing: Data(outcome.output.utf8)).arrayValue ?? []
        #expect(
            findings.compactMap { $0["check"]?.stringValue } == [
                "git", "ripgrep", "sandbox", "tools", "database", "bus", "model",
            ])
        let sandbox = try Executable.run(["doctor"], environment: environment.merging(["SANDBOX": "foo"]) { $1 })
        #expect(sandbox.output.contains("FAIL sandbox") && sandbox.output.contains("got foo"))
    }
}
