import Foundation
import Sandbox
import Testing

/// The shell of the model's tool and of validation.
@Suite(.timeLimit(.minutes(1)))
struct ShellTests {
    @Test(arguments: [
        "set -o pipefail; cat calc.py | grep -q add",
        "source ./env.sh && [ \"$GREETING\" = hello ]",
        "[[ -f calc.py ]] && echo there",
        "{ echo out; echo err >&2; } |& tee log && grep -q err log",
        "files=(*.py); [ ${#files[@]} -eq 1 ]",
        "diff <(echo a) <(echo a)",
        "trap 'echo left' EXIT; shopt -s globstar; ls **/*.py",
        "function check { local name=$1; [[ $name == calc* ]]; }; check calc.py",
        "echo {1..3} | grep -q '1 2 3' && (( 1 + 1 == 2 )) && read -r a b <<< 'x y' && [[ $b = y ]]",
    ])
    func `scripts of bash run`(script: String) async throws {
        try await SandboxFixture.with { fixture in
            try Data("def add(a, b):\n    return a + b\n".utf8).write(to: URL(filePath: "\(fixture.workTree)/calc.py"))
            try Data("GREETING=hello\n".utf8).write(to: URL(filePath: "\(fixture.workTree)/env.sh"))
            let outcome = try await fixture.shell(script)
            #expect(outcome.succeeded, "\(outcome.exitCode): \(outcome.output)")
        }
    }

    @Test func `a pipe fails where any of its programs does`() async throws {
        try await SandboxFixture.with { fixture in
            #expect(try await fixture.shell("exit 3 | cat").exitCode == 3)
            #expect(try await fixture.shell("false | true; exit 0").succeeded)
            let ended = try await fixture.shell("yes | head -1")
            #expect(ended.exitCode == 141 && Shell.meaning(of: ended.exitCode)?.contains("pipefail") == true)
            #expect(Shell.meaning(of: 1) == nil && Shell.meaning(of: 0) == nil)
        }
    }

    @Test func `no file of the host or of the work tree takes part by itself`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell(
                "echo 'echo started' > .bashrc; echo 'echo started' > .profile; cp .bashrc .profile ~; "
                    + "bash -c 'shopt -q login_shell && echo login; [[ $- == *i* ]] && echo interactive; true'")
            #expect(outcome.succeeded && outcome.output == "", "\(outcome.output)")
            let own = try await fixture.shell("shopt -q login_shell || echo plain; echo \"[$BASH_ENV]\"")
            #expect(own.output == "plain\n[]\n")
        }
    }
}
