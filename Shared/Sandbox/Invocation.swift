import Foundations
import SystemPackage

/// A host program to start with exactly this environment.
struct Invocation: Sendable {
    /// Looked up in the `PATH` of `environment`.
    let program: String
    let arguments: [String]
    let environment: [String: String]
    /// What the program finds to read at ``filterDescriptor``: the filter of system calls.
    var filter: [UInt8]?

    /// Only the three standard descriptors reach a new process: the filter comes as the first and is moved here.
    static let filterDescriptor = 3

    /// The shell in front of the program. If memory ends on the host, commands go before services.
    private static let volunteer = "{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; "
    private static let enterGroup = """
        if [ "$0" ]; then echo $$ >"$0/cgroup.procs" || { echo "bwrap: cgroup"; exit 1; }; fi; 
        """

    /// The arguments of `/bin/sh` that start the program, inside of `group` if there is one.
    func shellArguments(group: ControlGroup?) -> [String] {
        // Without a sandbox the shell stays: its output ends with the command, wherever that sends its own.
        let start = filter == nil ? "\"$@\"; exit $?" : "exec \"$@\" \(Self.filterDescriptor)<&0 </dev/null"
        let script = Self.volunteer + Self.enterGroup + start
        return ["-c", script, group?.path ?? "", program] + arguments
    }

    /// What the shell gets as its standard input. A pipe holds at least a page, and no filter is larger.
    func input() throws -> FileDescriptor {
        guard let filter else { return try FileDescriptor.open("/dev/null", .readOnly) }
        let (reading, writing) = try FileDescriptor.pipe()
        do {
            defer { try? writing.close() }
            try writing.writeAll(filter)
        } catch {
            try? reading.close()
            throw error
        }
        return reading
    }
}
