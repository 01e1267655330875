import Contracts
import Foundations
import Glibc

/// What people call a process that was given no name: its service, host and process id, such as `coder-build3-4711`.
enum ReplicaName {
    static func made(of service: ServiceKind) -> String {
        let size = 256
        var host = [CChar](repeating: 0, count: size)
        gethostname(&host, size - 1)
        let bytes = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return made(of: service.rawValue, host: String(decoding: bytes, as: UTF8.self), process: getpid())
    }

    /// Ids have 64 characters at most, and a host's name may hold dots.
    static func made(of service: String, host: String, process: Int32) -> String {
        let end = "-\(process)"
        let name = String(host.map { TaskID.accepts(String($0)) ? $0 : "-" })
        return String("\(service)-\(name)".prefix(64 - end.count)) + end
    }
}
