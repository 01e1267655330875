import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// Tool chains outside of the system's folders.
@Suite(.timeLimit(.minutes(1)))
struct ToolFolderTests {
    /// A home with tools, which everybody may read.
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder("tools") }

    @discardableResult
    private func tool(_ path: String, says text: String = "here") throws -> String {
        let file = try home.write(path, "#!/bin/sh\necho \(text)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        return file
    }

    private func run(
        _ script: String, shown: [String], searchPath: [String] = []
    ) async throws -> CommandOutcome {
        let tree = home.path("work-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
        let sandbox = try await Sandbox.detect(
            .bubblewrap,
            configuration: SandboxConfiguration(
                readOnlyPaths: shown.map { home.path($0) }, searchPath: searchPath))
        try await sandbox.prepare(workTree: tree)
        return try await sandbox.run(.shell(script, workTree: tree))
    }

    @Test func `a program of the service that commands do not see is told with what to set`() async throws {
        try tool("own/bin/mytool")
        for script in ["mytool --version", "env mytool", "sh -c mytool", "printf 'a:\\n\\tmytool\\n' > M; make -f M"] {
            let outcome = try await run(script, shown: [], searchPath: [home.path("own/bin")])
            #expect(!outcome.succeeded)
            #expect(outcome.output.contains("[`mytool`: installed on this host"), "\(outcome.output)")
            #expect(outcome.output.contains("SANDBOX_PATHS") && !outcome.output.contains(home.path("own")))
        }
        let other = try await run("nosuchtool", shown: [], searchPath: [home.path("own/bin")])
        #expect(other.exitCode == 127 && !other.output.contains("SANDBOX_PATHS"))
    }

    @Test func `a command that wants a network is told that there is none`() async throws {
        for script in [
            "python3 -c 'import urllib.request as u; u.urlopen(\"https://pypi.org\")'", "curl https://pypi.org",
        ] {
            let outcome = try await run(script, shown: [])
            #expect(!outcome.succeeded)
            #expect(outcome.output.contains("[Commands run without network"), "\(outcome.output)")
        }
        #expect(try await run("echo no network is unreachable; exit 0", shown: []).output.hasSuffix("unreachable\n"))
        #expect(try await run("exit 3", shown: []).output == "")
    }

    @Test func `what the operator shows is found, also where the service does not look it up`() async throws {
        try tool("own/bin/mytool")
        try tool("plain/othertool")
        let outcome = try await run("mytool && othertool", shown: ["own", "plain"])
        #expect(outcome.output == "here\nhere\n", "\(outcome.output)")
        let write = try await run("touch \(home.path("own/x"))", shown: ["own"])
        #expect(!write.succeeded)
    }

    @Test func `where the service looks it up, the same version runs`() async throws {
        try tool(".nvm/versions/node/v18.20.1/bin/node", says: "18")
        try tool(".nvm/versions/node/v22.3.0/bin/node", says: "22")
        let newest = try await run("node", shown: [".nvm"])
        #expect(newest.output == "22\n", "\(newest.output)")
        let own = try await run("node", shown: [".nvm"], searchPath: [home.path(".nvm/versions/node/v18.20.1/bin")])
        #expect(own.output == "18\n", "\(own.output)")
        try home.write(".nvm/alias/default", "18\n")
        let chosen = try await run("node; echo $NVM_DIR", shown: [".nvm"])
        #expect(chosen.output == "18\n\(home.path(".nvm"))\n", "\(chosen.output)")
    }

    @Test func `managers of versions lead to the version in use`() throws {
        try tool(".rustup/toolchains/stable-x86_64-unknown-linux-gnu/bin/cargo")
        try tool(".rustup/toolchains/1.75.0-x86_64-unknown-linux-gnu/bin/cargo")
        try home.write(
            ".rustup/settings.toml", "version = \"12\"\ndefault_toolchain = \"1.75.0-x86_64-unknown-linux-gnu\"\n")
        try tool(".pyenv/versions/3.9.18/bin/python3")
        try tool(".pyenv/versions/3.11.4/bin/python3")
        try home.write(".pyenv/version", "3.9\n")
        try tool(".asdf/installs/elixir/1.9.0/bin/mix")
        try tool(".asdf/installs/elixir/1.16.2/bin/mix")
        try tool(".asdf/installs/erlang/26.2/bin/erl")
        try tool(".cargo/bin/cargo")
        func lookups(_ folder: String) -> [String] {
            ToolFolder(home.path(folder)).searchPath.map { String($0.dropFirst(home.path("").count)) }
        }
        #expect(lookups(".rustup").map { $0.hasSuffix("toolchains/1.75.0-x86_64-unknown-linux-gnu/bin") } == [true])
        #expect(lookups(".pyenv").map { $0.hasSuffix("versions/3.9.18/bin") } == [true])
        #expect(
            lookups(".asdf").map { $0.split(separator: "/").suffix(3).joined(separator: "/") }
                == ["elixir/1.16.2/bin", "erlang/26.2/bin"])
        #expect(lookups(".cargo").map { $0.hasSuffix(".cargo/bin") } == [true])
        try tool(".sdkman/candidates/java/17.0.9-tem/bin/java")
        try tool(".sdkman/candidates/java/21.0.1-tem/bin/java")
        try FileManager.default.createSymbolicLink(
            atPath: home.path(".sdkman/candidates/java/current"), withDestinationPath: "17.0.9-tem")
        #expect(lookups(".sdkman").map { $0.hasSuffix("candidates/java/current/bin") } == [true])
        try tool(".volta/tools/image/node/18.20.1/bin/node")
        try tool(".volta/tools/image/node/20.9.0/bin/node")
        #expect(lookups(".volta").map { $0.hasSuffix("node/20.9.0/bin") } == [true])
        let view = HostView(
            SandboxConfiguration(readOnlyPaths: [home.path(".cargo"), home.path(".rustup")], searchPath: []))
        #expect(view.environment == ["RUSTUP_HOME": home.path(".rustup")])
        #expect(view.searchPath.first == home.path(".cargo/bin"))
    }

    @Test(
        arguments: [
            (["v18.1.0", "v20.2.0", "v9.0.0"], nil, "v20.2.0"), (["v18.1.0", "v20.2.0"], "18", "v18.1.0"),
            (["3.9.1", "3.10.2"], "3.9.1", "3.9.1"), (["3.9.1", "3.10.2"], "lts/*", "3.10.2"),
            (["1.9", "1.10", "latest"], nil, "1.10"), (["20.1.0", "20.10.0", "200.0.0"], "20", "20.10.0"),
            ([], "x", nil),
        ] as [([String], String?, String?)])
    func `a version is chosen by its name, its beginning, or its age`(
        versions: [String], chosen: String?, expected: String?
    ) { #expect(VersionManager.pick(versions, chosen: chosen) == expected) }

    @Test(arguments: [
        ("/bin/bash: line 1: mytool: command not found", ["mytool"]), ("sh: 1: npm: not found", ["npm"]),
        ("bash: line 3: g++-12: command not found\nbash: line 4: g++-12: command not found", ["g++-12"]),
        ("env: ‘cargo’: No such file or directory", ["cargo"]), ("make: mvn: No such file or directory", ["mvn"]),
        ("/bin/sh: 1: node: not found\nmake: *** [Makefile:2: a] Error 127", ["node"]), ("all is well", []),
        ("zsh:1: command not found: mytool", ["mytool"]),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'cargo'", ["cargo"]),
        ("Error: spawn mytool ENOENT", ["mytool"]), ("exec: \"go\": executable file not found in $PATH", ["go"]),
        ("No such file or directory - node (Errno::ENOENT)", ["node"]),
        ("java.io.IOException: Cannot run program \"mvn\": error=2", ["mvn"]),
        ("/usr/bin/env: ‘python3.12’: No such file or directory", ["python3.12"]),
        ("timeout: failed to run command ‘deno’: No such file or directory", ["deno"]),
    ])
    func `programs that were not found are read from what shells say`(output: String, names: [String]) {
        #expect(MissingPrograms.names(in: output) == names)
    }

    @Test(arguments: [
        "E: Temporary failure resolving 'deb.debian.org'", "npm ERR! code EAI_AGAIN",
        "fatal: Could not resolve host: x",
        "dial tcp: lookup proxy.golang.org: i/o timeout", "wget: unable to resolve host address 'x'",
        "Failed host lookup: 'pub.dev'", "{inet,[inet],nxdomain}",
        "Resource temporarily unavailable (api.nuget.org:443)",
        "Cannot access central in offline mode",
        "error: attempting to make an HTTP request, but --offline was specified",
        "There appears to be trouble with your network connection. Retrying...",
    ])
    func `a network that is missing is found in what tools say`(output: String) {
        #expect(MissingNetwork.note(on: output) != nil && MissingNetwork.note(on: "all is well") == nil)
    }

    @Test func `no output makes the search for them slow or long`() {
        var fuzzer = Fuzzer(seed: 10_021)
        let lines = Data("sh: 1: npm: not found\nbash: line 1: mytool: command not found\n".utf8)
        for _ in 0..<500 * Fuzzer.factor {
            let names = MissingPrograms.names(in: String(decoding: fuzzer.variant(of: lines), as: UTF8.self))
            #expect(names.count <= 20 && names.allSatisfy { $0.utf8.count <= 64 && !$0.contains("/") })
        }
        let start = ContinuousClock.now
        for text in [String(repeating: "a", count: 1 << 20), String(repeating: "a: ", count: 1 << 18)] {
            #expect(MissingPrograms.names(in: text).isEmpty)
        }
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func `what a host has is surveyed: what is shown, what is not, and never a whole home`() throws {
        try tool(".nvm/versions/node/v20.0.0/bin/node")
        try tool(".local/bin/black")
        try tool("bin/mine")
        try tool("sdk/flutter/bin/flutter")
        let root: String = home.path
        let searchPath =
            ["bin", "sdk/flutter/bin", ".nvm/versions/node/v20.0.0/bin"].map { home.path($0) } + ["/usr/bin", "."]
        let none = ToolSurvey(shown: [], searchPath: searchPath, home: root)
        #expect(none.seen.isEmpty)
        #expect(Set(none.hidden) == Set([".local/bin", ".nvm", "bin", "sdk/flutter"].map { home.path($0) }))
        let shown = ToolSurvey(shown: [home.path(".nvm")], searchPath: searchPath, home: root)
        #expect(shown.seen == ["nvm at \(home.path(".nvm"))"] && !shown.hidden.contains(home.path(".nvm")))
    }
}
