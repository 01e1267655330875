import Dispatch
import Foundations
import Glibc
import ServiceLifecycle
import SystemPackage

/// Ends the process when its parts do not although they were told to: some call may never return. It waits outside of
/// Swift's threads, which such calls may hold.
struct LastResort: Service {
    /// `EX_SOFTWARE`.
    static let exitCode: Int32 = 70

    /// How long the parts may take once they were told to end.
    let limit: Duration

    func run() async throws {
        try? await gracefulShutdown()
        DispatchQueue.global().asyncAfter(deadline: .now() + limit.seconds) {
            _ = try? FileDescriptor.standardError.writeAll("a part of the service does not end: it is ended\n".utf8)
            _exit(Self.exitCode)
        }
    }
}
