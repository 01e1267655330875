import Contracts
import PlatformSupport
import TestSupport
import Testing

@Suite struct LoadTests {
    @Test func `a seed gives the same tasks again, one in ten of them poison if asked for`() async throws {
        let remotes = [try await GitRemote(), try await GitRemote()]
        func tasks(_ seed: UInt64) -> [LoadTask] {
            Load(poison: 1, duration: .seconds(8), count: 40).tasks(seed: seed, remotes: remotes, marker: "m")
        }
        let (first, again, other) = (tasks(1), tasks(1), tasks(2))
        func facts(_ tasks: [LoadTask]) -> [String] {
            tasks.map { "\($0.draft.id) \($0.draft.company) \($0.draft.remote) \($0.isRequest) \($0.at)" }
        }
        #expect(facts(first) == facts(again))
        #expect(facts(first) != facts(other))
        #expect(first.count { Part.poison.contains($0.part) } == 4)
        #expect(Set(first.map(\.draft.id)).count == 40)
    }

    @Test func `a seed gives the same families again, and no two of their members share an id`() async throws {
        let remotes = [try await GitRemote()]
        var families = Families { "http://sink/\($0)" }
        families.count = 20
        func goals(_ seed: UInt64) throws -> [LoadFamily] {
            try families.goals(seed: seed, remotes: remotes, marker: "m")
        }
        let (first, again, other) = (try goals(1), try goals(1), try goals(2))
        #expect(first.map(\.goal) == again.map(\.goal) && first.map(\.goal) != other.map(\.goal))
        let accepted = first.flatMap(\.accepted)
        #expect(Set(accepted.map(\.id)).count == accepted.count)
        let ends = Set(accepted.flatMap(\.expected))
        #expect(ends == [.completed, .completedNoChanges, .validationFailed, .skipped])
    }
}
