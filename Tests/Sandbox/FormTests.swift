import Foundation
import Glibc
import Testing

@testable import Sandbox

/// The weaker forms, which other hosts fall back to, hold what the strongest holds.
@Suite(.timeLimit(.minutes(1)))
struct FormTests {
    /// Without user namespaces only root makes a sandbox.
    private static let forms = Bubblewrap.UserNamespace.allCases.filter { $0 != .none || geteuid() == 0 }

    @Test(arguments: forms)
    func `whatever works of user namespaces, a command has no rights and gets none`(
        form: Bubblewrap.UserNamespace
    ) async throws {
        try await SandboxFixture.with { fixture in
            let configuration = SandboxConfiguration()
            let bubblewrap = Bubblewrap(
                view: HostView(configuration), account: configuration.droppedAccount, memory: .watched,
                userNamespace: form)
            let script = """
                unshare --user true 2>&1 | grep -c 'not permitted'
                grep -E '^(CapEff|CapPrm|NoNewPrivs|Seccomp):' /proc/self/status | cut -f 2 | tr '\\n' ' '
                [ "$(id -u)" != 0 ] && touch file && echo writes; ls -d /proc/[0-9]* | wc -l
                """
            let command = SandboxCommand.shell(script, workTree: fixture.workTree)
            let environment = ["PATH": bubblewrap.view.searchPath.joined(separator: ":")]
            let outcome = try await ProcessRun(
                invocation: bubblewrap.invocation(for: command, environment: environment), command: command,
                memory: .watched
            ).outcome()
            let none = "0000000000000000"
            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.prefix(2) == ["1", "\(none) \(none) 1 2 writes"], "\(outcome.output)")
            #expect((lines.last.flatMap { Int($0) } ?? 99) < 10)
        }
    }
}
