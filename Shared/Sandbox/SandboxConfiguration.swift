import FoundationEssentials
import Glibc

/// An unprivileged user of the host.
package struct SandboxAccount: Sendable, Hashable {
    package let userID: UInt32
    package let groupID: UInt32

    package init(userID: UInt32, groupID: UInt32) {
        self.userID = userID
        self.groupID = groupID
    }

    /// The user `nobody`.
    package static let nobody = SandboxAccount(userID: 65534, groupID: 65534)
}

/// How this host's sandbox is set up.
package struct SandboxConfiguration: Sendable {
    /// Who runs the commands when the service itself runs as root; without effect otherwise.
    package var account: SandboxAccount
    /// More host paths that every command may read, seen at the same place (toolchains outside `/usr` and `/opt`).
    package var readOnlyPaths: [String]
    /// Folders in which commands are looked up, as the service sees them. Those that a command cannot see are dropped.
    package var searchPath: [String]
    /// The most memory that the processes of one command may use together, in bytes.
    package var memoryBytes: Int

    package init(
        account: SandboxAccount = .nobody, readOnlyPaths: [String] = [],
        searchPath: [String] = SandboxConfiguration.inheritedSearchPath, memoryBytes: Int = 4 << 30
    ) {
        self.memoryBytes = memoryBytes
        self.account = account
        self.readOnlyPaths = readOnlyPaths
        self.searchPath = searchPath
    }

    /// The `PATH` of this process.
    package static var inheritedSearchPath: [String] {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    /// The account to change to: `nil` when the service is not root, then commands run as its own user.
    var droppedAccount: SandboxAccount? { geteuid() == 0 ? account : nil }
}
