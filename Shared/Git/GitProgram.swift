import FoundationEssentials
import Foundations
import Glibc
import Subprocess
import SystemPackage

/// Runs the git program: arguments as a vector, a cleared environment, neutral settings, a time limit.
struct GitProgram: Sendable {
    /// What a run left.
    struct Outcome: Sendable {
        let isSuccess: Bool
        /// Standard output, if it was not sent to a file.
        let output: String
        /// Standard error.
        let errors: String
    }

    /// The bare repository that git works on.
    let directory: String
    /// Settings of this run, stronger than any file. Handed over in the environment, so they may hold secrets.
    var settings: [String: String] = [:]
    /// Variables of this run.
    var environment: [String: String] = [:]
    var timeout: Duration = .seconds(120)
    /// Whether it takes in what others made: then its memory and the files that it writes are bounded.
    var isBounded = false

    /// Settings that hold for every run: nothing of the host, of the user or of a repository takes part.
    static let neutralSettings = [
        "advice.detachedHead": "false",
        // Larger files are never in memory as a whole.
        "core.bigFileThreshold": "8m",
        "core.fsmonitor": "false",
        "core.hooksPath": "/dev/null",
        "credential.helper": "",
        "fetch.recurseSubmodules": "false",
        "gc.auto": "0",
        "http.followRedirects": "false",
        "http.lowSpeedLimit": "1",
        "http.lowSpeedTime": "60",
        "maintenance.auto": "false",
        "pack.threads": "1",
        "protocol.allow": "never",
        "safe.directory": "*",
        "submodule.recurse": "false",
    ]

    /// Runs `git arguments…`. A status other than zero is an outcome, not an error.
    ///
    /// Throws ``GitError/Code/timeout``, or `CancellationError`; either way the whole process group is gone.
    func run(_ arguments: [String], input: TemporaryFile? = nil, output: TemporaryFile? = nil) async throws -> Outcome {
        let outcome: Outcome?
        do {
            outcome = try await Deadlines.process.run(atMost: timeout) {
                try await launch(arguments, input: input, output: output)
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw GitError(.other, "cannot run git: \(error)")
        }
        try Task.checkCancellation()
        guard let outcome else {
            throw GitError(.timeout, "git \(arguments.first ?? "") took longer than \(timeout.milliseconds) ms")
        }
        return outcome
    }

    private func launch(
        _ arguments: [String], input: TemporaryFile?, output: TemporaryFile?
    ) async throws -> Outcome {
        let configuration = Configuration(
            executable: .name(isBounded ? "prlimit" : "git"),
            arguments: Arguments(isBounded ? Self.bounds + ["git"] + arguments : arguments),
            environment: .custom(variables),
            workingDirectory: FilePath(directory), platformOptions: Self.platformOptions)
        defer { withExtendedLifetime((input, output)) {} }
        let standardInput = FileDescriptor(rawValue: input?.descriptor ?? -1)
        switch (input, output) {
        case (nil, nil):
            return try await Self.run(configuration, input: .none, output: Self.text) { $0 }
        case (_?, nil):
            return try await Self.run(
                configuration, input: .fileDescriptor(standardInput, closeAfterSpawningProcess: false),
                output: Self.text
            ) { $0 }
        case (_, let output?):
            return try await Self.run(
                configuration, input: .fileDescriptor(standardInput, closeAfterSpawningProcess: false),
                output: .fileDescriptor(FileDescriptor(rawValue: output.descriptor), closeAfterSpawningProcess: false)
            ) { _ in "" }
        }
    }

    private static func run<Input: InputProtocol, Output: OutputProtocol>(
        _ configuration: Configuration, input: Input, output: Output, text: (Output.OutputType) -> String
    ) async throws -> Outcome {
        let result = try await Subprocess.run(configuration, input: input, output: output, error: .sequence) {
            var window = OutputWindow(size: keptErrorBytes)
            for try await buffer in $0.standardError { buffer.withUnsafeBytes { window.append($0) } }
            return window.text
        }
        return Outcome(
            isSuccess: result.terminationStatus.isSuccess, output: text(result.standardOutput),
            errors: result.closureResult)
    }

    /// The most bytes of a file that a bounded run writes, and of its own memory.
    private static let bounds = [
        "--fsize=\(bounded(2 << 30, RLIMIT_FSIZE))", "--data=\(bounded(1 << 30, RLIMIT_DATA))", "--core=0", "--",
    ]

    /// No process may have more than this one has.
    private static func bounded(_ wanted: rlim_t, _ resource: __rlimit_resource) -> rlim_t {
        var own = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &own) == 0 else { return wanted }
        return min(wanted, own.rlim_max)
    }

    private static let text = StringOutput<UTF8>.string(limit: 8 << 20)
    /// Of the beginning and of the end: enough for any cause, and a hook may print the whole log of its checks.
    private static let keptErrorBytes = 128 << 10

    /// A session of its own has no terminal to ask on, and is a process group that can be ended as a whole.
    private static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
        ]
        return options
    }

    private var variables: [Environment.Key: String] {
        var variables = [
            "GIT_ASKPASS": "",
            "GIT_CONFIG_GLOBAL": "\(directory)/\(MirrorStore.configurationFile)",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_DIR": directory,
            "GIT_TERMINAL_PROMPT": "0",
            "HOME": directory,
            "LC_ALL": "C",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
        ]
        let own = ProcessInfo.processInfo.environment
        for name in Self.inherited { variables[name] = own[name] }
        let all = Self.neutralSettings.merging(settings) { _, last in last }.sorted { $0.key < $1.key }
        variables["GIT_CONFIG_COUNT"] = String(all.count)
        for (index, setting) in all.enumerated() {
            variables["GIT_CONFIG_KEY_\(index)"] = setting.key
            variables["GIT_CONFIG_VALUE_\(index)"] = setting.value
        }
        variables.merge(environment) { _, last in last }
        return Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
    }

    /// What the operator sets for all programs of the host: where programs, proxies and certificates are.
    private static let inherited = [
        "PATH", "http_proxy", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "ALL_PROXY", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "TMPDIR",
    ]
}

extension GitProgram.Outcome {
    /// Throws the cause unless the run succeeded: ``GitError/Code/fileSystem`` for a full disk, else `code`. For runs
    /// that touch no remote.
    func check(_ what: String, otherwise code: GitError.Code = .other) throws {
        guard !isSuccess else { return }
        throw GitError(GitError.tellsFullDisk(errors) ? .fileSystem : code, "\(what): \(errors.trimmed)")
    }
}
