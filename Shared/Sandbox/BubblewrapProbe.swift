import FoundationEssentials

/// Finds out how bubblewrap works on this host by running `true` in it.
struct BubblewrapProbe {
    let view: HostView
    let account: SandboxAccount?
    let memory: MemoryLimit

    /// The strongest form that works.
    func find() async throws -> Bubblewrap {
        let candidates = view.searchPath.map { "\($0)/\(Bubblewrap.program)" }
        guard candidates.contains(where: FileManager.default.isExecutableFile) else {
            throw Self.unavailable("bubblewrap is missing: install it (apt-get install bubblewrap)")
        }
        var reason: SandboxError?
        // Only root can do without a user namespace.
        for form in Bubblewrap.UserNamespace.allCases where form != .none || account != nil {
            let bubblewrap = Bubblewrap(view: view, account: account, memory: memory, userNamespace: form)
            do {
                try await Self.run(bubblewrap)
                return bubblewrap
            } catch let error as SandboxError {
                // What the weakest form lacks is what has to be mended.
                reason = error
            }
        }
        throw reason ?? Self.unavailable("no form of bubblewrap works")
    }

    /// Throws if `true` does not run.
    static func run(_ bubblewrap: Bubblewrap) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sandbox-probe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let command = SandboxCommand(["true"], workTree: folder.path, timeout: .seconds(10))
        let invocation = try bubblewrap.invocation(
            for: command, environment: ["PATH": bubblewrap.view.searchPath.joined(separator: ":")])
        let outcome = try await ProcessRun(invocation: invocation, command: command, memory: bubblewrap.memory)
            .outcome()
        guard outcome.exitCode == 0 else { throw unavailable(advice(outcome.output)) }
    }

    private static func advice(_ output: String) -> String {
        let reason = output.split(separator: "\n").first.map(String.init) ?? "no output"
        return """
            a command could not be run in bubblewrap (\(reason)). Allow unprivileged user namespaces (sysctl \
            kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0, and on Ubuntu 24.04 \
            kernel.apparmor_restrict_unprivileged_userns=0 or a profile for bwrap) and seccomp filters; in a container also allow it to \
            make namespaces (security options seccomp=unconfined, apparmor=unconfined)
            """
    }

    static func unavailable(_ reason: String) -> SandboxError {
        SandboxError(
            .unavailable, "no sandbox: \(reason). Only for repositories that you trust: SANDBOX=none runs without one")
    }
}
