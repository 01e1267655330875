import Foundations

/// Why work on a repository failed.
package struct GitError: Retriable, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for programs.
    package enum Code: String, Sendable, Hashable {
        /// The address of the remote is malformed, or its transport is not allowed.
        case invalidURL
        /// The remote is at an address that the operator does not allow.
        case forbiddenAddress
        /// The name of a branch breaks git's rules.
        case invalidRef
        /// The remote refused the credentials, or asked for some where none were given.
        case unauthorized
        /// The remote knows no such repository, or none that these credentials may see.
        case repositoryNotFound
        /// The remote could not be reached, or the connection broke.
        case unreachable
        /// The remote says that the repository is at another address.
        case moved
        /// The repository or its server is of a kind that is not worked with.
        case unsupported
        /// The certificate or the host key of the remote is not trusted.
        case untrustedHost
        /// The remote failed in words that have no other code here.
        case remoteFailed
        /// The repository has no such branch.
        case branchNotFound
        /// The repository has no commits yet.
        case emptyRepository
        /// The remote refused the push: the branch moved, is protected, or a hook declined it.
        case pushRejected
        /// The time limit of a local operation passed; a remote that takes too long is ``unreachable``.
        case timeout
        /// An object is not in the mirror, which is a cache: whoever tries again looks what is here, and brings it.
        case objectNotFound
        /// Received data is damaged or incomplete.
        case corrupt
        /// A size limit was passed.
        case tooLarge
        /// A file or a directory could not be read or written.
        case fileSystem
        /// A work tree cannot be read as a whole: others own a part of it, or it changes meanwhile.
        case unreadable
        /// Anything else.
        case other
    }

    package let code: Code
    /// The cause, for people. Holds no secrets and no user info of an address.
    package let message: String
    /// Whether the same call may succeed later without anybody changing anything.
    package let isRetriable: Bool

    package init(_ code: Code, _ message: String, isRetriable: Bool? = nil) {
        self.code = code
        self.message = message
        self.isRetriable = isRetriable ?? [.unreachable, .timeout, .fileSystem, .objectNotFound].contains(code)
    }

    /// A call on a file failed while `what` was done.
    init(_ failure: FileFailure, _ what: String) {
        self.init(failure.isDenied ? .unreadable : .fileSystem, "\(what): \(failure)")
    }

    /// Whether the words of git or libgit2 say that the disk is full: that may pass, and another host may have room.
    static func tellsFullDisk(_ text: String) -> Bool {
        let text = text.lowercased()
        return text.contains("no space left on device") || text.contains("out of diskspace")
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
