/// Which statements a connection has prepared: bounded, the least recently used leaves first.
struct StatementCache {
    /// What identifies a prepared statement.
    struct Key: Hashable {
        let text: String
        let types: [UInt32]
    }

    private struct Entry {
        let name: String
        var lastUse: Int
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var clock = 0
    private var names = 0

    init(capacity: Int = 256) { self.capacity = max(1, capacity) }

    /// The name the statement is prepared under, or `nil` if it is not.
    mutating func name(of key: Key) -> String? {
        clock += 1
        entries[key]?.lastUse = clock
        return entries[key]?.name
    }

    /// A name that was never used on this connection.
    mutating func newName() -> String {
        names += 1
        return "s\(names)"
    }

    /// Remembers a prepared statement. Returns the name of the one that had to leave, which is to be deallocated.
    mutating func insert(_ name: String, for key: Key) -> String? {
        let evicted = entries.count < capacity ? nil : entries.min { $0.value.lastUse < $1.value.lastUse }
        if let evicted { entries[evicted.key] = nil }
        clock += 1
        entries[key] = Entry(name: name, lastUse: clock)
        return evicted?.value.name
    }

    /// Forgets a statement. Returns its name.
    mutating func remove(_ key: Key) -> String? { entries.removeValue(forKey: key)?.name }
}
