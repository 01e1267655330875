import Glibc

/// The limit on open files of this process.
package enum FileDescriptors {
    /// Raises the limit as far as the system allows: each connection takes one, and the usual limit is 1,024.
    package static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
