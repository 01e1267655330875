/// How much of a work tree's states the record of a task may hold. All in bytes.
package struct CheckpointLimits: Sendable, Hashable {
    /// New content in one checkpoint, before it is packed.
    package var newBytes: Int
    /// The packs of all checkpoints of a task.
    package var taskBytes: Int
    /// What small checkpoints may take beyond that, so that the work can be mended and brought to an end.
    package var reserveBytes: Int
    /// What counts as small.
    package var smallBytes: Int

    package init(
        newBytes: Int = 64 << 20, taskBytes: Int = 256 << 20, reserveBytes: Int = 32 << 20, smallBytes: Int = 1 << 20
    ) {
        self.newBytes = newBytes
        self.taskBytes = taskBytes
        self.reserveBytes = reserveBytes
        self.smallBytes = smallBytes
    }

    /// What a model can do where a limit is passed.
    static let advice =
        "Remove what does not belong to the task, or keep it in /tmp or where .gitignore covers it; until then no "
        + "change is kept."

    /// Throws ``CheckpointRefusal`` if a pack is too much for a task whose packs take `stored`.
    func admit(_ pack: Int, after stored: Int) throws {
        let limit = taskBytes + (pack <= smallBytes ? reserveBytes : 0)
        guard pack > limit - stored else { return }
        throw CheckpointRefusal(
            "The states of the work tree take too much: \(stored >> 20) MB so far and \(pack >> 20) MB more, where "
                + "\(taskBytes >> 20) MB are kept of a task. \(Self.advice)")
    }
}

/// A work tree cannot be kept as it is: for whoever works in it, with what to do.
package struct CheckpointRefusal: Error, Hashable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
