import FoundationEssentials
import Glibc

/// Runs commands that a model chose: without network, without the host's files and without secrets.
package struct Sandbox: CommandRunner {
    /// Where a command sees its work tree, on every host.
    package static let workspace = "/workspace"
    /// The command's home folder, private to each run.
    static let home = "/tmp/home"

    package let level: SandboxLevel
    private let launcher: Launcher
    private let account: SandboxAccount?
    private let memory: MemoryLimit
    private let memoryBytes: Int
    /// Where commands are looked up before all other folders.
    private var first: [String] = []
    /// What every command sees besides, and finds in its environment.
    private var mounts: [SandboxMount] = []
    private var environment: [String: String] = [:]
    /// What has to live as long as commands see it.
    private var owners: [any AnyObject & Sendable] = []

    private enum Launcher: Sendable {
        case bubblewrap(Bubblewrap)
        case none(HostView)
    }

    private init(launcher: Launcher, memory: MemoryLimit, configuration: SandboxConfiguration) {
        self.launcher = launcher
        self.memory = memory
        level =
            switch launcher {
            case .bubblewrap: .bubblewrap
            case .none: .none
            }
        account = configuration.droppedAccount
        memoryBytes = configuration.memoryBytes
    }

    /// The sandbox of this host, after a command was really run in it.
    ///
    /// Throws ``SandboxError/Code/unavailable`` with advice if it does not work: nothing ever runs unsandboxed unless
    /// ``SandboxMode/none`` was asked for.
    package static func detect(
        _ mode: SandboxMode, configuration: SandboxConfiguration = .init()
    ) async throws -> Sandbox {
        let view = HostView(configuration, showsAll: mode == .none)
        let memory = MemoryLimit.find()
        switch mode {
        case .auto, .bubblewrap:
            let probe = BubblewrapProbe(view: view, account: configuration.droppedAccount, memory: memory)
            let found = try await probe.find()
            return Sandbox(launcher: .bubblewrap(found), memory: memory, configuration: configuration)
        case .none:
            return Sandbox(launcher: .none(view), memory: memory, configuration: configuration)
        }
    }

    /// What of the sandbox works on this host, for people.
    package var summary: String {
        switch launcher {
        case .bubblewrap(let bubblewrap): "\(bubblewrap.userNamespace.summary), \(memory.summary)"
        case .none: "no isolation, \(memory.summary)"
        }
    }

    /// Hands the work tree at the host path `workTree` to the user that runs commands. Call it after each time that
    /// the service itself has written files there. Without effect unless the service runs as root.
    package func prepare(workTree: String) async throws {
        guard let account else { return }
        try await WorkTreeFiles.handOver(workTree, to: account)
    }

    package func run(_ command: SandboxCommand) async throws -> CommandOutcome {
        try Self.check(command)
        if case .none = launcher, let reason = DestructiveCommand.reason(in: command.arguments) {
            return CommandOutcome(exitCode: 126, output: "refused: \(reason), and there is no sandbox around it\n")
        }
        var command = command
        command.limits.memoryBytes = min(command.limits.memoryBytes, memoryBytes)
        command.mounts = mounts + command.mounts
        command.environment = environment.merging(command.environment) { _, given in given }
        if let obstacle = try obstacle(to: command) {
            return CommandOutcome(exitCode: 126, output: "refused: \(obstacle)\n")
        }
        let outcome = try await ProcessRun(
            invocation: invocation(for: command), command: command, memory: memory
        ).outcome()
        if case .bubblewrap = launcher, outcome.exitCode == 1, outcome.output.hasPrefix("bwrap: ") {
            try await confirmStillUsable()
        }
        return outcome.succeeded ? outcome : explained(outcome, hasNetwork: command.hasNetwork)
    }

    /// The outcome of a command that failed, with what it cannot know of its surroundings.
    private func explained(_ outcome: CommandOutcome, hasNetwork: Bool) -> CommandOutcome {
        let network = level == .bubblewrap && !hasNetwork ? MissingNetwork.note(on: outcome.output) : nil
        let notes = [MissingPrograms(hidden: view.hidden).note(on: outcome.output), network].compactMap(\.self)
        return notes.isEmpty ? outcome : outcome.noting(notes.joined(separator: "\n"))
    }

    /// Whether commands see a folder of the host, which has to be there.
    package func shows(_ folder: String) -> Bool {
        var isFolder = false
        return view.shows(folder) && FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) && isFolder
    }

    /// The same sandbox, in which commands are looked up in `folders` first.
    package func lookingUp(first folders: [String]) -> Sandbox {
        var sandbox = self
        sandbox.first = folders
        return sandbox
    }

    /// The same sandbox, in which every command also sees `mounts`, with `environment`, and is looked up in `folders`
    /// before those of the system.
    ///
    /// - Parameter owner: Lives as long as the sandbox: with it may go what is shown.
    package func showing(
        _ mounts: [SandboxMount], environment: [String: String], lookingUp folders: [String],
        owner: (any AnyObject & Sendable)? = nil
    ) -> Sandbox {
        var sandbox = self
        sandbox.mounts += mounts
        sandbox.first += folders
        sandbox.owners += [owner].compactMap(\.self)
        sandbox.environment.merge(environment) { _, new in new }
        return sandbox
    }

    /// What makes the same commands do something else on another host.
    package var surroundings: [String] {
        let processor = Architecture.host.map { "\($0)" } ?? ""
        return [processor, Shell.bash ?? ""] + first + view.searchPath
    }

    /// What stands where the command is to see something else, for people.
    private func obstacle(to command: SandboxCommand) throws -> String? {
        guard !command.mounts.isEmpty else { return nil }
        guard level != .none else {
            throw SandboxError(.unavailable, "without a sandbox (SANDBOX=none) a command sees the host as it is")
        }
        for path in command.mounts.compactMap(\.pathInWorkTree)
        where try !MountPoints.prepare(path, in: command.workTree, for: account) {
            return "\(path) has to stay a folder, and so have those above it: what was set up is there"
        }
        return nil
    }

    /// What of the host commands see.
    private var view: HostView {
        switch launcher {
        case .bubblewrap(let bubblewrap): bubblewrap.view
        case .none(let view): view
        }
    }

    private func invocation(for command: SandboxCommand) throws -> Invocation {
        let added = view.environment.merging(command.environment) { _, given in given }
        let searchPath = first + view.searchPath
        switch launcher {
        case .bubblewrap(let bubblewrap):
            let environment = CommandEnvironment.make(home: Self.home, searchPath: searchPath, adding: added)
            return try bubblewrap.invocation(for: command, environment: environment)
        case .none:
            let environment = CommandEnvironment.make(home: "/tmp", searchPath: searchPath, adding: added)
            let drop = account.map(Bubblewrap.setpriv) ?? []
            return Invocation(
                program: "env",
                arguments: ["--chdir=\(command.workTree)"] + drop + Bubblewrap.limit(command.limits, memory)
                    + command.arguments,
                environment: environment)
        }
    }

    /// The most bytes of one argument: Linux takes 128 KiB, its end mark included.
    private static let maximumArgumentBytes = (128 << 10) - 1

    private static func check(_ command: SandboxCommand) throws {
        guard !command.arguments.isEmpty, command.arguments.allSatisfy({ !$0.contains("\0") }) else {
            throw SandboxError(.invalidCommand, "a command needs a program and may not hold NUL bytes")
        }
        guard command.arguments.allSatisfy({ $0.utf8.count <= maximumArgumentBytes }) else {
            throw SandboxError(.invalidCommand, "an argument of the command is longer than the system takes")
        }
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: command.workTree, isDirectory: &isDirectory), isDirectory
        else { throw SandboxError(.workTreeMissing, "the work tree does not exist") }
    }

    /// Tells a host that can no longer make sandboxes from a command that merely printed like one.
    private func confirmStillUsable() async throws {
        guard case .bubblewrap(let bubblewrap) = launcher else { return }
        try await BubblewrapProbe.run(bubblewrap)
    }
}
