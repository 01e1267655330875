import Foundation
import Foundations
import TestSupport

/// A task by hand: a script that clones, changes a file, runs `true`, commits and pushes.
struct ByHand: Sendable {
    private static let script = """
        cd "$1" && git clone -q "$2" "work$3" && cd "work$3" && git checkout -q -b "by-hand-$3" && echo "$3" > by-hand.txt \
        && true && git add by-hand.txt && git commit -q -m Change && git push -q origin "by-hand-$3"
        """

    /// The settings of the user and the machine must not change what is measured.
    private static let settings = [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
    ]

    /// In milliseconds: how long it takes, and processor time.
    let time: Double
    let processor: Double

    init(_ remote: GitRemote, times: Int = 10) async throws {
        let folder = try TemporaryFolder("by-hand")
        let before = ProcessUsage.reaped()
        let samples = try await Samples.measure(times) { round in
            try await Program.run(
                ["sh", "-c", Self.script, "by-hand", folder.path, remote.url, "\(round)"], environment: Self.settings)
        }
        time = samples.p50
        processor = (ProcessUsage.reaped() - before) / Double(times)
    }

    var timeYardstick: Yardstick { Yardstick(what: "git clone, commit and push by hand", value: time) }
    var processorYardstick: Yardstick { Yardstick(what: "git clone, commit and push by hand", value: processor) }

    /// How long `git commit -a` takes for one changed file of a clone of `remote`, in milliseconds.
    static func commit(_ remote: GitRemote, _ path: String, times: Int = 20) async throws -> Yardstick {
        let folder = try TemporaryFolder("by-hand")
        let tree = folder.path("work")
        try await Program.run(["git", "clone", "-q", remote.url, tree], environment: Self.settings)
        let samples = try await Samples.measure(times) { round in
            try folder.write("work/\(path)", "round \(round)\n")
            try await Program.run(["git", "-C", tree, "commit", "-q", "-a", "-m", "x"], environment: Self.settings)
        }
        return Yardstick(what: "git commit -a", value: samples.p50)
    }
}

/// Commits of one inserted row, by pgbench.
struct Pgbench: Sendable {
    private let perSecond: Double
    private let clients: Int

    /// `nil` where pgbench is not installed.
    init?(_ url: String, clients: Int) async throws {
        self.clients = clients
        guard (try? await Program.run(["pgbench", "--version"])) != nil else { return nil }
        try await Program.run(["psql", "-X", "-q", "-d", url, "-c", "create table pgbench_commits (n int)"])
        let output = try await Program.run(
            ["pgbench", "-n", "-c", "\(clients)", "-j", "2", "-T", "2", "-f", "-", url],
            input: "insert into pgbench_commits values (1);\n")
        guard let found = output.firstMatch(of: #/tps = ([0-9.]+)/#)?.1, let value = Double(found) else { return nil }
        perSecond = value
    }

    var rate: Yardstick { Yardstick(what: "commits of pgbench, \(clients) clients", value: perSecond) }
    /// In milliseconds.
    var time: Yardstick {
        Yardstick(what: "a commit of pgbench, \(clients) client", value: 1000 * Double(clients) / max(1, perSecond))
    }
}
