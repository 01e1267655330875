import Testing

@testable import ServiceKit

@Suite struct RecentIDsTests {
    @Test func `ids are known for a while, and then forgotten`() {
        var ids = RecentIDs(age: .seconds(2))
        let start = ContinuousClock.now
        for id in 0..<5_000 { ids.insert(Int64(id), at: start + .milliseconds(id)) }
        let now = start + .milliseconds(4_999)
        #expect((0..<5_000).filter { ids.contains(Int64($0), at: now) } == Array(3_000..<5_000))
        ids.insert(7, at: now)
        #expect(ids.contains(7, at: now))
    }
}
