import Contracts
import Foundation
import Foundations
import PlatformSupport
import ServiceSupport
import TestSupport

/// A parent to record, and how it and its children may end.
struct LoadFamily: Sendable {
    let goal: TaskRequest
    let accepted: [AcceptedTask]
    /// When, from the start of the run.
    let at: Duration
}

/// The parents of a run, chosen by the seed: each has children in two layers, of which the later wait for the earlier, and
/// one of those has children of its own. Some fail, and what waits for them is skipped.
struct Families: Sendable {
    /// How many parents there are.
    var count = max(1, ChaosSettings.tasks / 60)
    var layers = [3, 2]
    /// How many children in ten fail.
    var failing = 2
    /// Where the webhooks of parents go, and of children that are tasks of their own, by their ids.
    var webhookURL: @Sendable (String) -> String

    init(webhookURL: @escaping @Sendable (String) -> String) { self.webhookURL = webhookURL }

    /// The parents in the order in which they are submitted.
    ///
    /// - Parameter marker: Stands in the commands, so that their processes can be found.
    func goals(seed: UInt64, remotes: [GitRemote], marker: String) throws -> [LoadFamily] {
        var random = SeededGenerator(seed: seed, stream: "families")
        return try (0..<count).compactMap { number -> LoadFamily? in
            guard let remote = remotes.randomElement(using: &random) else { return nil }
            var draft = TaskDraft(Part.steady.rawValue, title: "", remote: remote)
            draft.id = "\(marker)-family\(number)"
            draft.title = "Have \(draft.id) done"
            draft.delivery["webhook_url"] = .string(webhookURL(draft.id))
            draft.validation = [
                "commands": [.string("sh check.sh \(marker)")], "max_repair_rounds": 0, "timeout_seconds": 60,
            ]
            let children = children(of: draft.id, &random)
            var metadata: [String: JSONValue] = [:]
            try metadata.plan(children)
            draft.task["metadata"] = .object(metadata)
            let ends = Self.ends(of: children, under: draft.id)
            let goal = AcceptedTask(id: draft.id, expected: [Self.end(of: children, ends, under: draft.id)])
            return LoadFamily(
                goal: try TaskRequest(draft.json), accepted: [goal] + ends.map { AcceptedTask(id: $0, expected: [$1]) },
                at: .seconds(number))
        }
    }

    private func children(of goal: String, _ random: inout SeededGenerator) -> [PlannedChild] {
        var all: [PlannedChild] = []
        var before: [String] = []
        for (layer, size) in layers.enumerated() {
            let keys = (0..<size).map { "l\(layer)-\($0)" }
            for key in keys {
                let needs = before.filter { _ in Int.random(in: 0..<2, using: &random) == 0 }
                let isGoal = layer > 0 && key == keys.last
                all.append(child(key, isGoal ? .goal : nil, of: goal, needs: needs, &random))
            }
            before = keys
        }
        return all
    }

    /// - Parameter way: By chance, if it is not said.
    private func child(
        _ key: String, _ way: PlannedChild.Way?, of parent: String, needs: [String] = [],
        _ random: inout SeededGenerator
    ) -> PlannedChild {
        let way = way ?? (Int.random(in: 0..<4, using: &random) == 0 ? .task : .part)
        var child = PlannedChild(key, way)
        let id = child.id(under: parent)
        child.needs = needs
        child.title = "Change \(id)"
        if way == .task { child.webhookURL = webhookURL(id) }
        let fails = way != .goal && Int.random(in: 0..<10, using: &random) < failing
        child.model = (fails ? Part.fails : .steady).rawValue
        if way == .goal { child.children = ["x", "y"].map { self.child($0, .part, of: id, &random) } }
        return child
    }

    /// How each child ends, and theirs, by id. A skipped one has none.
    private static func ends(of children: [PlannedChild], under parent: String) -> [String: TerminalStatus] {
        var ends: [String: TerminalStatus] = [:]
        // Each comes after what it waits for.
        for child in children {
            let id = child.id(under: parent)
            if child.needs.contains(where: { ends["\(parent)--\($0)"]?.isSuccess != true }) {
                ends[id] = .skipped
            } else if child.way == .goal {
                let theirs = Self.ends(of: child.children, under: id)
                ends.merge(theirs) { first, _ in first }
                ends[id] = end(of: child.children, theirs, under: id)
            } else {
                ends[id] = child.model == Part.fails.rawValue ? .validationFailed : .completed
            }
        }
        return ends
    }

    private static func end(
        of children: [PlannedChild], _ ends: [String: TerminalStatus], under parent: String
    ) -> TerminalStatus {
        let isGood = children.allSatisfy { ends[$0.id(under: parent)]?.isSuccess == true }
        return isGood ? .completedNoChanges : .validationFailed
    }
}
