import Contracts
import Flows
import Foundation
import Foundations

@testable import TaskStore

/// Parents and children in memory: which runs may be claimed, who is told what, and what it makes of that once it takes
/// it in, as the doc comments of ``TaskStore`` and ``Notice`` say it.
struct FamilyModel {
    enum Run: String {
        case held, ready, leased, expired, closed
    }

    struct Member {
        let kind: StepKind
        let parent: UUID?
        let key: String
        /// The children of the same parent that have to complete before.
        var needs: Set<UUID> = []
        var progress: Flows.Progress
        var run = Run.ready
        var generation = 0
        var cancelRequested = false
        var pauseRequested = false
        /// The epoch in which a child ended that its owner may not have seen.
        var toldIn: Int?

        var status: TaskStatus { progress.status }

        /// As a row of the record would say it.
        var text: String {
            let flags = (cancelRequested ? " cancel" : "") + (pauseRequested ? " pause" : "")
            return "\(status.rawValue) \(run.rawValue) \(progress.epoch) \(generation)\(flags)"
        }
    }

    /// What a workflow was told and has not taken in.
    struct Told {
        let kind: Notice.Kind
        /// Of a child: its key and its status.
        var child: String?

        var text: String { [kind.rawValue, child].compactMap(\.self).joined(separator: " ") }
        var event: String? { child.map { "subtask_\(kind.rawValue) \($0)" } }
    }

    private(set) var members: [UUID: Member] = [:]
    private(set) var notices: [UUID: [Told]] = [:]
    /// The events of each about its children.
    private(set) var events: [UUID: [String]] = [:]

    /// A workflow was recorded.
    mutating func add(_ id: UUID, _ member: Member) { members[id] = member }

    func children(of parent: UUID) -> [UUID: Member] { members.filter { $0.value.parent == parent } }

    // MARK: Owners

    /// The workflows of which a claim of a kind takes one; none where it takes none.
    func claimable(_ kind: StepKind) -> Set<UUID> {
        let free = members.filter { $0.value.kind == kind && !restsWithAncestor($0.key) }
        let expired = free.filter { $0.value.run == .expired && !$0.value.cancelRequested && !$0.value.pauseRequested }
        return Set((expired.isEmpty ? free.filter { $0.value.run == .ready } : expired).keys)
    }

    func restsWithAncestor(_ id: UUID) -> Bool {
        guard let parent = members[id]?.parent, let above = members[parent] else { return false }
        return above.status == .paused || above.pauseRequested || restsWithAncestor(parent)
    }

    /// A claim was given. Returns the epoch that it has to have.
    mutating func claim(_ id: UUID) throws -> Int {
        let epoch = try change(id, to: .leased, .claim)
        if epoch == 1 { tellParent(of: id, .started) }
        return epoch
    }

    /// Whether a claim of this epoch may still write.
    func owns(_ id: UUID, epoch: Int) -> Bool {
        guard let member = members[id] else { return false }
        return member.progress.epoch == epoch && (member.run == .leased || member.run == .expired)
    }

    mutating func set(_ id: UUID, _ run: Run) { members[id]?.run = run }

    /// Its owner leaves it to whoever ends its waiting. Returns why not.
    mutating func wait(_ id: UUID) throws -> StoreError? {
        guard let member = members[id], try !isOver(id) else { return nil }
        let epoch = member.progress.epoch
        let isToBeTold = notices[id]?.contains { $0.kind == .ended } ?? false
        guard member.toldIn == epoch || isToBeTold || children(of: id).contains(where: { !$0.value.status.isTerminal })
        else { return .nothingToWaitFor }
        try change(id, to: member.toldIn == epoch ? .ready : .held, .wait(epoch: epoch))
        return nil
    }

    /// Its owner gives it back, or lost it.
    mutating func giveBack(_ id: UUID) throws {
        guard let member = members[id], try !isOver(id) else { return }
        try change(id, to: .ready, .release(epoch: member.progress.epoch))
    }

    mutating func finish(_ id: UUID, as status: TerminalStatus) {
        end(id, as: members[id]?.cancelRequested == true ? .cancelled : status)
    }

    /// Its owner ends it, whatever was asked for.
    mutating func fail(_ id: UUID, as status: TerminalStatus) { end(id, as: status) }

    /// What was asked for meanwhile takes effect when an owner leaves.
    private mutating func isOver(_ id: UUID) throws -> Bool {
        guard let member = members[id] else { return true }
        if member.cancelRequested {
            end(id, as: .cancelled)
        } else if member.pauseRequested {
            try change(id, to: .held, .release(epoch: member.progress.epoch), .pause)
        }
        return member.cancelRequested || member.pauseRequested
    }

    // MARK: People

    /// Returns whether it is accepted.
    mutating func cancel(_ id: UUID) -> Bool {
        guard let member = members[id] else { return false }
        if case .ended(let status) = member.status { return status == .cancelled }
        if member.run == .leased { members[id]?.cancelRequested = true } else { end(id, as: .cancelled) }
        return true
    }

    mutating func pause(_ id: UUID) throws -> Bool {
        guard let member = members[id], !member.status.isTerminal else { return false }
        if member.status == .paused { return true }
        if member.cancelRequested, member.run != .leased { return cancel(id) }
        if member.run == .leased { members[id]?.pauseRequested = true } else { try change(id, to: .held, .pause) }
        return true
    }

    mutating func resume(_ id: UUID) throws -> Bool {
        guard let member = members[id], !member.status.isTerminal else { return false }
        if member.run == .leased { members[id]?.pauseRequested = false }
        if member.status == .paused { try change(id, to: isFree(member) ? .ready : .held, .resume) }
        return true
    }

    mutating func retry(_ id: UUID) throws -> Bool {
        guard let member = members[id] else { return false }
        guard case .ended(let status) = member.status else { return member.generation > 0 }
        guard !status.isSuccess, !isOrphan(member), !isHopeless(member) else { return false }
        try change(id, to: isFree(member) ? .ready : .held, .retry)
        members[id]?.generation += 1
        members[id]?.toldIn = nil
        if member.progress.epoch > 0 { tellParent(of: id, .started) }
        if !isFree(member) || member.parent != nil { tell(id, Told(kind: .look)) }
        return true
    }

    // MARK: Between workflows

    /// So many of those that were told something take it in, then those that these tell.
    mutating func settle(_ count: Int) throws {
        var waiting = Array(notices.keys.sorted { $0.text < $1.text }.prefix(count))
        var taken = 0
        while taken < min(count, waiting.count) {
            waiting += try takeNotices(of: waiting[taken]).sorted { $0.text < $1.text }
            taken += 1
        }
    }

    private mutating func takeNotices(of id: UUID) throws -> Set<UUID> {
        let taken = notices.removeValue(forKey: id) ?? []
        guard let member = members[id], !taken.isEmpty, !member.status.isTerminal else { return [] }
        let told = taken.compactMap(\.event)
        let isOrphan = taken.contains { $0.kind == .parent || $0.kind == .look } && isOrphan(member)
        if isOrphan, member.run != .leased { return end(id, as: .cancelled, after: told) }
        guard isOrphan || !told.isEmpty else { return try lookAtNeeds(of: id, member) }
        if isOrphan { members[id]?.cancelRequested = true }
        events[id, default: []] += told
        if taken.contains(where: { $0.kind == .ended }) { wake(id, member) }
        return []
    }

    private mutating func wake(_ id: UUID, _ member: Member) {
        switch member.run {
        case .held where member.progress.isWaiting: members[id]?.run = .ready
        case .leased, .expired: members[id]?.toldIn = member.progress.epoch
        default: break
        }
    }

    private mutating func lookAtNeeds(of id: UUID, _ member: Member) throws -> Set<UUID> {
        guard member.run == .held, !member.progress.isWaiting else { return [] }
        if isHopeless(member) { return end(id, as: .skipped) }
        if isFree(member), member.status == .queued { members[id]?.run = .ready }
        return []
    }

    /// Returns whom it told.
    @discardableResult
    private mutating func end(_ id: UUID, as status: TerminalStatus, after told: [String] = []) -> Set<UUID> {
        guard let member = members[id] else { return [] }
        if !children(of: id).isEmpty {
            events[id, default: []] += (notices.removeValue(forKey: id) ?? []).compactMap(\.event)
        }
        events[id, default: []] += told
        members[id]?.progress.status = .ended(status)
        members[id]?.progress.isWaiting = false
        members[id]?.run = .closed
        members[id]?.cancelRequested = false
        members[id]?.pauseRequested = false
        let open = members.filter { !$0.value.status.isTerminal }
        let (waiting, orphans) = (open.filter { $0.value.needs.contains(id) }, open.filter { $0.value.parent == id })
        for other in waiting.keys { tell(other, Told(kind: .dependency)) }
        tellParent(of: id, .ended)
        for other in orphans.keys { tell(other, Told(kind: .parent)) }
        return Set(waiting.keys).union(orphans.keys).union([member.parent].compactMap(\.self))
    }

    private mutating func tellParent(of id: UUID, _ kind: Notice.Kind) {
        guard let member = members[id], let parent = member.parent else { return }
        tell(parent, Told(kind: kind, child: "\(member.key) \(member.status.rawValue)"))
    }

    mutating func tell(_ id: UUID, _ told: Told) { notices[id, default: []].append(told) }

    private func isOrphan(_ member: Member) -> Bool {
        guard let parent = member.parent else { return false }
        return members[parent]?.status.isTerminal != false
    }

    func isFree(_ member: Member) -> Bool { member.needs.allSatisfy { members[$0]?.status.isSuccess == true } }

    private func isHopeless(_ member: Member) -> Bool {
        member.needs.contains { members[$0]?.status.isTerminal == true && members[$0]?.status.isSuccess == false }
    }

    /// Returns the epoch.
    @discardableResult
    private mutating func change(_ id: UUID, to run: Run, _ transitions: Flows.Progress.Transition...) throws -> Int {
        guard var member = members[id] else { throw StoreError.unknownWorkflow }
        member.progress = try transitions.reduce(member.progress) { try $0.applying($1) }
        member.run = run
        if run != .leased { (member.cancelRequested, member.pauseRequested) = (false, false) }
        members[id] = member
        return member.progress.epoch
    }
}

extension TaskStatus {
    fileprivate var isSuccess: Bool { if case .ended(let status) = self { status.isSuccess } else { false } }
}
