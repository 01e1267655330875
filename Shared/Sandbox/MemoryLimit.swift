/// How this host keeps the limit on a command's memory.
package enum MemoryLimit: Sendable {
    /// The kernel does, for each command's cgroup: `/tmp` and whatever else it keeps in memory is counted.
    case controlGroup(ControlGroups)
    /// The resident memory of its processes is looked at several times a second.
    case watched
    /// Each process's address space is limited, where the kernel does not tell the children of a process.
    case addressSpace

    static func find() -> MemoryLimit {
        if let groups = ControlGroups.find() { return .controlGroup(groups) }
        return ProcessTree.isReadable ? .watched : .addressSpace
    }

    /// For people.
    var summary: String {
        switch self {
        case .controlGroup: "memory and processes limited by cgroup"
        case .watched: "resident memory watched"
        case .addressSpace: "address space of each process limited"
        }
    }

    /// Whether memory that no process has mapped escapes it.
    var overlooksUnmappedMemory: Bool {
        if case .controlGroup = self { false } else { true }
    }
}
