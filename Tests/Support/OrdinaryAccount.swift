import Foundation
import Glibc

/// Runs work as an account that modes of files hold for, where the tests run as root: `nobody`.
package enum OrdinaryAccount {
    package static let id: uid_t = 65534

    /// Runs `body` on a thread of its own. The kernel keeps for each thread whose files it may touch (`setfsuid`), and
    /// with that the thread loses root's right to pass by modes. Not as root it runs as whoever runs the tests.
    ///
    /// Only blocking work: what `body` leaves to another thread is done as root.
    package static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                if geteuid() == 0 { for name in ["setfsgid", "setfsuid"] { call(name) } }
                continuation.resume(with: Result(catching: body))
            }.start()
        }
    }

    /// The two calls have no header that Swift knows.
    private static func call(_ name: String) {
        guard let address = dlsym(nil, name) else { return }
        _ = unsafeBitCast(address, to: (@convention(c) (uid_t) -> CInt).self)(id)
    }

    /// Gives the account a folder with all it holds.
    package static func give(_ folder: String) async throws {
        guard geteuid() == 0 else { return }
        _ = try await Program.run(["chown", "-hR", "\(id):\(id)", folder])
    }
}
