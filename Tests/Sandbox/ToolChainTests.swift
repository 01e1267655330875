import Foundation
import Sandbox
import Testing

/// What projects are built with runs under the filter.
@Suite(.timeLimit(.minutes(2)))
struct ToolChainTests {
    private static let scripts = [
        "git":
            "git init -q . && git config user.email a@b && git config user.name a && touch file && git add -A && git commit -q -m x",
        "make": "printf 'all: a b c d\\na b c d:\\n\\t@echo $@ > $@\\n' > Makefile && make -s -j4 && cat a b c d",
        "gcc": "printf 'int main() { return 0; }' > m.c && gcc -pthread m.c -o m && ./m",
        "python3": """
        python3 -c 'import subprocess, concurrent.futures as c, multiprocessing as m
        subprocess.run(["true"], check=True)
        print(list(c.ThreadPoolExecutor(4).map(str, range(3))), m.get_context("fork").Pool(2).map(abs, [-1]))'
        """,
        "node": "node -e 'require(\"fs\").readFile(\"/etc/passwd\", e => process.exit(e ? 1 : 0))'",
        "javac": "printf 'class A { public static void main(String[] a) { } }' > A.java && javac A.java && java A",
        "gdb": "gdb -q -batch -ex run -ex 'print 6*7' --args /bin/true | grep -q '= 42'",
        "perl": "perl -e 'my $p = fork; if (!$p) { exit 0 } waitpid $p, 0'",
    ]

    @Test(arguments: scripts.keys.sorted())
    func `it runs`(program: String) async throws {
        let script = try #require(Self.scripts[program])
        try await SandboxFixture.with { fixture in
            guard try await fixture.shell("command -v \(program)").succeeded else { return }
            let outcome = try await fixture.shell(script, timeout: .seconds(90))
            #expect(outcome.succeeded, "\(outcome.output)")
        }
    }
}
