import Foundation
import Foundations
import Glibc

/// Runs a server under a small shell script that outlives this process just long enough to clean up.
///
/// The script holds one end of a connection. When the other end closes, because it was released or because this process
/// ended in whatever way, the script stops the server at once and removes the folder. Should the script itself be
/// killed, the kernel stops the server.
final class PostgresServerSupervisor: Sendable {
    /// The server did not start.
    struct NotStarted: Error, CustomStringConvertible {
        let log: String
        var description: String { "postgres did not start:\n\(log)" }
    }

    private static let script = """
        trap '' HUP INT TERM
        folder=$1; shift
        "$@" </dev/null >>"$folder/postgres.log" 2>&1 &
        server=$!
        until grep -qs '^ready' "$folder/data/postmaster.pid"; do
            kill -0 $server 2>/dev/null || exit 1
            sleep 0.02
        done
        echo ready
        exec >/dev/null
        read -r last
        kill -QUIT $server
        wait $server
        [ "$last" = keep ] || rm -rf "$folder"
        """

    private let lifeline: FileHandle
    private let exited = Gate()

    private init(lifeline: FileHandle) { self.lifeline = lifeline }

    /// Starts `command` and returns when the server in `folder` is ready.
    static func start(_ command: [String], folder: String) async throws -> PostgresServerSupervisor {
        // A file left behind by a crash says "ready" until the new server replaces it.
        try? FileManager.default.removeItem(atPath: "\(folder)/data/postmaster.pid")
        let (input, lifeline) = try connectedPair()
        let supervisor = PostgresServerSupervisor(lifeline: lifeline)
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script, "postgres-supervisor", folder] + command
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = input
        process.standardOutput = output
        process.terminationHandler = { [exited = supervisor.exited] _ in exited.open() }
        try process.run()
        guard try await firstBytes(of: output.fileHandleForReading).starts(with: "ready".utf8) else {
            let log = try? String(contentsOfFile: "\(folder)/postgres.log", encoding: .utf8)
            throw NotStarted(log: String((log ?? "").suffix(2_000)))
        }
        return supervisor
    }

    /// Lets the server be stopped, without waiting for it.
    func release(keepingFolder: Bool) {
        if keepingFolder { try? lifeline.write(contentsOf: Data("keep\n".utf8)) }
        try? lifeline.close()
    }

    /// Stops the server and returns when it is gone.
    func end(keepingFolder: Bool) async throws {
        release(keepingFolder: keepingFolder)
        try await exited.wait("the end of postgres")
    }

    /// A pair of sockets rather than a pipe: it is closed on exec from the start, so no other child can keep it open.
    private static func connectedPair() throws -> (FileHandle, FileHandle) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw POSIXError(.EMFILE) }
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }

    private static func firstBytes(of file: FileHandle) async throws -> Data {
        let promise = Promise<Data>()
        file.readabilityHandler = { file in
            promise.succeed(file.availableData)
            file.readabilityHandler = nil
        }
        return try await promise.value()
    }
}
