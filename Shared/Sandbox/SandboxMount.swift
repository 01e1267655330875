/// What a command sees at a place of its own.
package struct SandboxMount: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case readOnly
        /// A folder that is writable counts like the work tree.
        case writable
        /// An empty folder in memory, for one command.
        case temporary
    }

    /// The path of a file or folder of the host; empty for a temporary folder.
    package let source: String
    /// Where the command sees it; nothing else can be there.
    package let place: String
    package let kind: Kind

    /// A file or folder of the host.
    package init(_ source: String, at place: String, isWritable: Bool = false) {
        self.source = source
        self.place = place
        kind = isWritable ? .writable : .readOnly
    }

    /// A temporary folder in place of one that is there.
    package init(temporaryAt place: String) {
        (source, self.place, kind) = ("", place, .temporary)
    }

    /// The path below the work tree, if the place is there and what is seen there is the host's.
    var pathInWorkTree: String? {
        guard kind != .temporary, place.hasPrefix("\(Sandbox.workspace)/") else { return nil }
        return String(place.dropFirst(Sandbox.workspace.count + 1))
    }

    /// The options of bubblewrap that show it at `place`.
    func options(at place: String, _ limits: SandboxLimits) -> [String] {
        switch kind {
        case .readOnly: ["--ro-bind", source, place]
        case .writable: ["--bind", source, place]
        case .temporary: ["--perms", "1777", "--size", String(limits.temporaryBytes), "--tmpfs", place]
        }
    }
}
