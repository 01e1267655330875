/// The mirrors that are in use, and those that were last, for a while: to open one and to look at what is there takes
/// longer than most of what is done with it.
struct OpenMirrors {
    /// How many are kept, and how long after their use.
    static let most = 8
    static let time = Duration.seconds(60)

    private struct InUse {
        weak var mirror: Mirror?
    }

    private struct Kept {
        let name: String
        var mirror: Mirror
        var lastUse: ContinuousClock.Instant
    }

    private var inUse: [String: InUse] = [:]
    /// The one used last at the end.
    private var kept: [Kept] = []
    private var isWatched = false

    /// How many are kept, in use or not.
    var count: Int { kept.count }

    /// The mirror of that name, unless it is to be opened: then the one that `opened` is.
    mutating func use(_ name: String, opened: Mirror? = nil) -> Mirror? {
        if let mirror = inUse[name]?.mirror {
            guard !mirror.isFit else { return keep(mirror, name) }
            // It stays so, also once its folder is there again.
            inUse[name] = nil
            kept.removeAll { $0.name == name }
        }
        guard let opened else { return nil }
        inUse = inUse.filter { $0.value.mirror != nil }
        inUse[name] = InUse(mirror: opened)
        return keep(opened, name)
    }

    private mutating func keep(_ mirror: Mirror, _ name: String) -> Mirror {
        kept.removeAll { $0.name == name }
        kept.append(Kept(name: name, mirror: mirror, lastUse: .now))
        if kept.count > Self.most { kept.removeFirst() }
        return mirror
    }

    /// Whether somebody has to begin to let go of what is kept.
    mutating func beginWatch() -> Bool {
        guard !isWatched, !kept.isEmpty else { return false }
        isWatched = true
        return true
    }

    /// Lets go of what nobody has used for long enough. Returns whether somebody has to look again later.
    mutating func goOnWatching() -> Bool {
        letGo(unusedFor: Self.time)
        isWatched = !kept.isEmpty
        return isWatched
    }

    /// Lets go of those that nobody has used for `time`.
    mutating func letGo(unusedFor time: Duration, at now: ContinuousClock.Instant = .now) {
        for index in kept.indices.reversed() {
            if !isKnownUniquelyReferenced(&kept[index].mirror) {
                kept[index].lastUse = now
            } else if now - kept[index].lastUse >= time {
                kept.remove(at: index)
            }
        }
    }
}
