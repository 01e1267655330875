import Contracts
import Foundation

@testable import TaskStore

/// The queue of one stage in memory: what a claim may give, as the doc comments of ``TaskStore`` say it.
struct QueueModel {
    enum State: Equatable {
        case ready, delayed
        case leased(epoch: Int)
        /// The lease ended as the `order`-th.
        case expired(epoch: Int, order: Int)
        case gone
    }

    struct Task {
        let company: String
        let priority: Int
        /// The place of its submission.
        let age: Int
        var state = State.ready
    }

    private(set) var tasks: [UUID: Task] = [:]
    private(set) var epochs: [UUID: Int] = [:]
    var limits: [String: Int] = [:]
    private var expirations = 0

    mutating func submit(_ id: UUID, company: String, priority: Int) {
        tasks[id] = Task(company: company, priority: priority, age: tasks.count)
        epochs[id] = 0
    }

    /// The tasks of which a claim takes one; none where it takes none.
    var claimable: Set<UUID> {
        let expired = tasks.compactMap { id, task -> (UUID, Int)? in
            if case .expired(_, let order) = task.state { (id, order) } else { nil }
        }
        if let first = expired.min(by: { $0.1 < $1.1 }) { return [first.0] }
        let ready = Dictionary(grouping: tasks.filter { $0.value.state == .ready }, by: \.value.company)
            .filter { company, _ in running(company) < limits[company] ?? .max }
        guard let fewest = ready.keys.map(running).min() else { return [] }
        return Set(
            ready.filter { running($0.key) == fewest }.values.compactMap { candidates in
                // Ten minutes of waiting count as much as a step of priority; a history takes less.
                candidates.min { ($0.value.priority, $0.value.age) < ($1.value.priority, $1.value.age) }?.key
            })
    }

    private func running(_ company: String) -> Int {
        tasks.values.filter { task in
            guard task.company == company else { return false }
            return switch task.state {
            case .leased, .expired: true
            case .ready, .delayed, .gone: false
            }
        }.count
    }

    /// A claim was given. Returns the epoch that it has to have.
    mutating func claim(_ id: UUID) -> Int {
        let epoch = (epochs[id] ?? 0) + 1
        epochs[id] = epoch
        tasks[id]?.state = .leased(epoch: epoch)
        return epoch
    }

    /// Whether a claim of this epoch may still write.
    func owns(_ id: UUID, epoch: Int) -> Bool {
        switch tasks[id]?.state {
        case .leased(epoch), .expired(epoch, _): true
        default: false
        }
    }

    mutating func set(_ id: UUID, _ state: State) { tasks[id]?.state = state }

    mutating func expire(_ id: UUID, epoch: Int) {
        expirations += 1
        tasks[id]?.state = .expired(epoch: epoch, order: expirations)
    }

    /// Every delay has passed.
    mutating func makeDue() {
        for (id, task) in tasks where task.state == .delayed { tasks[id]?.state = .ready }
    }
}
