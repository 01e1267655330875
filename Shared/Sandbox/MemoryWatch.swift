import Foundations

/// Looks at the memory of a tree of processes while it runs.
struct MemoryWatch: Sendable {
    private static let pool = BlockingPool(label: "sandbox.memory", width: 2)
    /// No command fills memory faster, in bytes a second: the less is left, the sooner the next look.
    private static let fastest = 8.0 * 1_073_741_824

    let root: Int32
    let limit: Int

    /// Returns `true` once the tree is above its limit, `false` if it is cancelled first.
    func exceeded() async -> Bool {
        var used = 0
        while used <= limit {
            let start = ContinuousClock.now
            let (root, limit) = (root, limit)
            used = (try? await Self.pool.run { ProcessTree(below: root).residentBytes(limit: limit) }) ?? 0
            guard used <= limit else { return true }
            let pause = Self.pause(left: limit - used, lookTook: start.duration(to: .now))
            guard (try? await Task.sleep(for: pause)) != nil else { return false }
        }
        return true
    }

    /// A twentieth of the time is spent on looking, unless a look takes long: what makes it slow must not hide memory.
    static func pause(left: Int, lookTook: Duration) -> Duration {
        let untilFull = Duration.milliseconds(Int64(Double(left) / fastest * 1000))
        return max(min(max(untilFull, .milliseconds(20)), .milliseconds(200)), min(lookTook * 20, .seconds(1)))
    }
}
