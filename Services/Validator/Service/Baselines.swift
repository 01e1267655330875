import Synchronization

/// What commands counted on trees that tasks start from, so that tasks of one base run them there once.
package final class Baselines: Sendable {
    /// Which commands on which tree.
    package struct Key: Sendable, Hashable {
        package let tree: String
        /// Files that were taken out of it.
        package let without: [String]
        package let commands: [String]
        /// The digest of what was installed for them.
        package let setup: String?

        package init(tree: String, without: [String], commands: [String], setup: String? = nil) {
            self.tree = tree
            self.without = without
            self.commands = commands
            self.setup = setup
        }
    }

    private struct State {
        var counts: [Key: TestCounts?] = [:]
        var order: [Key] = []
    }

    private static let kept = 256

    private let state = Mutex(State())

    package init() {}

    /// The counts of `key`, from before or from `count`. Two that ask at the same time may both count.
    package func counts(
        _ key: Key, _ count: () async throws -> TestCounts?
    ) async throws -> TestCounts? {
        if let known = state.withLock({ $0.counts[key] }) { return known }
        let counts = try await count()
        state.withLock { state in
            if state.counts.updateValue(counts, forKey: key) == nil { state.order.append(key) }
            if state.order.count > Self.kept { state.counts[state.order.removeFirst()] = nil }
        }
        return counts
    }
}
