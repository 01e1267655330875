import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Starts programs that go on after the tool has ended.
struct Launcher: Sendable {
    /// `POSIX_SPAWN_SETSID` of glibc, which it declares for GNU sources only.
    private static let newSession: Int16 = 0x80

    let paths: StackPaths

    /// Starts `program` in a session of its own, its output in a log file, with no file of the tool's open.
    ///
    /// - Parameters:
    ///   - appendsToLog: Whether it goes on with the log file that is there.
    ///   - input: What it reads on its standard input.
    func start(
        _ name: String, _ program: String, _ arguments: [String], environment: [String: String], healthPort: Int? = nil,
        appendsToLog: Bool = false, input: Data? = nil
    ) throws -> StackProcess {
        let log = paths.log(name)
        if !appendsToLog || !FileManager.default.fileExists(atPath: log) { try PrivateFile.write(to: log) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let source = input.map { _ in Pipe() }
        if let source {
            posix_spawn_file_actions_adddup2(&actions, source.fileHandleForReading.fileDescriptor, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_APPEND, 0)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        for descriptor in Self.openDescriptors where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.newSession)
        var pid: pid_t = 0
        let code = Self.withStrings([program] + arguments) { argv in
            Self.withStrings(environment.map { "\($0.key)=\($0.value)" }) { envp in
                posix_spawn(&pid, program, &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else {
            throw Failure("\(program) cannot be started: \(String(cString: strerror(code)))", Exit.settings)
        }
        try source?.fileHandleForReading.close()
        if let input { try source?.fileHandleForWriting.write(contentsOf: input) }
        try source?.fileHandleForWriting.close()
        return StackProcess(
            name: name, pid: pid, startTicks: ProcessTable.startTicks(pid) ?? 0, healthPort: healthPort)
    }

    private static var openDescriptors: [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
    }

    private static func withStrings<T>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> T
    ) -> T {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
            return body(base)
        }
    }

    /// Runs a program to its end and returns what it printed. A secret belongs into `input`: arguments can be seen.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        let (output, source) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = source
        process.standardOutput = output
        process.standardError = output
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        try process.run()
        // Less than a pipe holds, so that nothing waits for a reader.
        try? source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try source.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("\(program) failed: \(text.suffix(2000))", Exit.settings)
        }
        return text
    }
}
