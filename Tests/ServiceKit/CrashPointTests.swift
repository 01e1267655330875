import Testing

@testable import ServiceKit

@Suite struct CrashPointTests {
    private func points(_ text: String?) throws -> CrashPoints {
        let values = text.map { ["AUTOMATA_CRASH_AT": $0] } ?? [:]
        return try CrashPoints(SettingsSource(values: values), steps: [.claim, .ack])
    }

    @Test func `nothing is armed where nothing is set`() throws {
        #expect(try points(nil).armedPoint == nil)
        #expect(try points("").armedPoint == nil)
    }

    @Test(arguments: ["before-claim", "after-ack", "after-claim:12"])
    func `a point of the service is armed`(_ text: String) throws {
        #expect(try points(text).armedPoint?.rawValue == String(text.prefix { $0 != ":" }))
    }

    @Test(arguments: ["claim", "before-", "before-push", "before-commit", "before-claim:", "before-claim:0", ":1"])
    func `what is no point of the service is refused by name`(_ text: String) {
        let error = #expect(throws: SettingsError.self) { try points(text) }
        #expect(error?.setting == "AUTOMATA_CRASH_AT")
    }

    @Test func `a refusal lists the points of the service`() {
        let error = #expect(throws: SettingsError.self) { try points("?") }
        #expect(error?.reason == "expected one of before-claim, after-claim, before-ack, after-ack, got ?")
    }

    @Test func `points that are not armed are passed`() async throws {
        let points = try points("before-claim:2")
        points.reach(.after(.claim))
        points.reach(.before(.claim))
        #expect(await points.around(.ack) { 1 } == 1)
    }

    @Test func `every point has one name`() {
        #expect(Set(CrashPoint.allCases.map(\.rawValue)).count == CrashPoint.allCases.count)
        for point in CrashPoint.allCases { #expect(CrashPoint(rawValue: point.rawValue) == point) }
    }
}
