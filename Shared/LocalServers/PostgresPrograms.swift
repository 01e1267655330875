import FoundationEssentials
import Glibc

/// The programs of PostgreSQL on this machine, and the account that they run as.
package struct PostgresPrograms: Sendable {
    /// PostgreSQL is not installed.
    package struct NotInstalled: Error, CustomStringConvertible {
        package var description: String { "no initdb below /usr/lib/postgresql or in PATH" }
    }

    private let folder: String
    /// Whose the files of a server have to be; `nil` where that is this process's own account. Postgres refuses root.
    package let account: String?

    /// Those of the newest version that is installed.
    package static func find() throws(NotInstalled) -> PostgresPrograms {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        let installed = versions.sorted(by: >).map { "\(root)/\($0)/bin" }
        let path = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
        guard let folder = (installed + path).first(where: holdsServer) else { throw NotInstalled() }
        return PostgresPrograms(folder: folder, account: geteuid() == 0 ? "postgres" : nil)
    }

    /// The command line that runs a program as the account: the first element is a path.
    ///
    /// - Parameter endsWithParent: The kernel stops the program when its parent ends (SIGQUIT).
    package func command(_ program: String, _ arguments: [String], endsWithParent: Bool = false) -> [String] {
        let identity = account.map { ["--reuid=\($0)", "--regid=\($0)", "--clear-groups"] } ?? []
        // It is set after the change of the account, which would clear it.
        let options = identity + (endsWithParent ? ["--pdeathsig", "QUIT"] : [])
        let switched = options.isEmpty ? [] : ["/usr/bin/setpriv"] + options + ["--"]
        return switched + ["\(folder)/\(program)"] + arguments
    }

    private static func holdsServer(_ folder: String) -> Bool {
        ["initdb", "postgres"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    }
}
