import Contracts
import Foundation
import Foundations
import Testing

@testable import CommandLineTool

@Suite(.timeLimit(.minutes(2))) struct NATSConfigurationTests {
    private static func file(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private let deployed = NATSConfiguration(monitoringPort: 8222, companies: [CompanyID(validated: "acme")])

    @Test func `the file for containers is what the table gives`() throws {
        #expect(try Executable.run(["nats-config", "--company", "acme"]).output == Self.file("deploy/nats.conf"))
        #expect(try deployed.text() == Self.file("deploy/nats.conf"))
    }

    @Test func `compose logs in as the table says, and its nats-server gets every password`() throws {
        let compose = try Self.file("docker-compose.yml")
        let example = try Self.file("deploy/env.example")
        for user in deployed.users {
            let variable = user.passwordVariable
            #expect(compose.contains("      \(variable): ${\(variable):?"), "\(variable)")
            #expect(example.contains("\n\(variable)=\n"), "\(variable)")
        }
        for user in ServiceKind.allCases.map(BusUser.service) {
            #expect(compose.contains("NATS_URL: nats://\(user.login):${\(user.passwordVariable):?"))
            #expect(compose.contains("NATS_INBOX_PREFIX: \(user.inboxPrefix)\n"))
        }
    }

    @Test func `companies whose passwords would have one variable are refused, unless there is no variable`() throws {
        for companies in [["a-b", "a_b"], ["Acme", "acme"], ["coder"], ["webhook_bridge"]] {
            let arguments = ["nats-config"] + companies.flatMap { ["--company", $0] }
            let outcome = try Executable.run(arguments)
            #expect(outcome.status == 78 && outcome.output.isEmpty && outcome.errorOutput.contains("--new"))
            #expect(try Executable.run(arguments + ["--new"]).status == 0)
        }
    }

    @Test(arguments: [
        ["--company", "a.b"], ["--company", ">"], ["--company", "-"], ["--host", "x\"y"], ["--store", "/a\nb"],
        ["--store", "/$X"],
    ])
    func `what would be read as something else is refused`(_ arguments: [String]) throws {
        #expect(try Executable.run(["nats-config"] + arguments).status == 64)
    }

    @Test func `new passwords differ, and are the only ones`() throws {
        let outputs = try (0..<2).map { _ in try Executable.run(["nats-config", "--company", "acme", "--new"]).output }
        let passwords = outputs.flatMap { $0.matches(of: #/password: "([a-f0-9]{48})"/#).map { String($0.1) } }
        #expect(passwords.count == 18 && Set(passwords).count == 18)
        #expect(outputs.allSatisfy { !$0.contains("PASSWORD") })
    }

    @Test func `a user without a password is an error, not a user without a password`() {
        var configuration = deployed
        for passwords in [[:], Dictionary(uniqueKeysWithValues: deployed.users.map { ($0, Secret("")) })] {
            configuration.passwords = .given(passwords)
            #expect(throws: Failure.self) { try configuration.text() }
        }
    }
}
