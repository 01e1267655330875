import Foundation
import Testing

@testable import GatewayPages

/// How values read.
@Suite struct ValueTests {
    @Test(
        arguments: [
            (0, "0 ms"), (0.42, "420 ms"), (0.9999, "1.0 s"), (4.24, "4.2 s"), (9.97, "10 s"), (42.4, "42 s"),
            (60, "1 min"),
            (303, "5 min 3 s"), (8040, "2 h 14 min"), (7200, "2 h"), (273_700, "3 d 4 h"), (-1, "–"), (.nan, "–"),
        ] as [(Double, String)])
    func `a duration has two units at most`(_ seconds: Double, _ text: String) {
        #expect(Amount.duration(seconds) == text)
    }

    @Test(
        arguments: [
            (0, "$0.00"), (0.0042, "$0.0042"), (0.2204, "$0.22"), (1.25, "$1.25"), (999.999, "$1,000.00"),
            (12_345.6, "$12,346"), (-3, "-$3.00"), (.infinity, "$–"),
        ] as [(Double, String)])
    func `money has as many digits as matter`(_ dollars: Double, _ text: String) {
        #expect(Amount.money(dollars) == text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func `a count is grouped`(_ number: Int, _ text: String) { #expect(Amount.count(number) == text) }

    @Test(arguments: [(999, "999"), (12_345, "12.3 k"), (412_000, "412 k"), (43_100_000, "43.1 M")])
    func `a size has three digits`(_ number: Int, _ text: String) { #expect(Amount.size(number) == text) }

    @Test(
        arguments: [(0, "0 %"), (0.004, "0.4 %"), (0.94, "94 %"), (0.996, "99.6 %"), (1, "100 %")] as [(Double, String)]
    )
    func `a share is in percent, finer at its ends`(_ share: Double, _ text: String) {
        #expect(Amount.percent(share) == text)
    }

    @Test(
        arguments: [
            (0, "now"), (42, "42 s ago"), (3599, "59 min ago"), (7300, "2 h ago"), (-90, "in 1 min"),
            (86_400 * 3, "3 d ago"),
            (86_400 * 40, "2026-10-19"),
        ] as [(Double, String)])
    func `a time says how far away it is`(_ seconds: Double, _ text: String) {
        let moment = Moment(Samples.now.addingTimeInterval(-seconds), now: Samples.now)
        #expect(moment.text == text)
    }

    @Test func `a time says when exactly, too`() {
        let moment = Moment(Samples.now, now: Samples.now)
        #expect(moment.iso == "2026-11-28T09:31:12.000Z")
        #expect(moment.full == "2026-11-28 09:31:12 UTC")
        #expect(moment.clock == "09:31:12")
    }

    @Test func `a bar warns when the budget is nearly spent`() {
        #expect(Bar(spent: 1, of: 2).tone == .active)
        #expect(Bar(spent: 1.6, of: 2).tone == .warn)
        #expect(Bar(spent: 2.1, of: 2) == Bar(2, tone: .bad, label: "$2.10 of $2.00, 105 %"))
        #expect(Bar(spent: 0, of: 0).percent == 100)
        #expect(Bar(.nan, label: "").percent == 0)
    }

    @Test func `a status that is not known is still told`() {
        #expect(Badge(status: "action_failed") == Badge("Action failed", .bad))
        #expect(Badge(status: "something_new") == Badge("Something new", .quiet))
        #expect(Words.waiting(for: "moon_phase") == "waits: Moon phase")
    }

    @Test func `a list knows where newer and older items are`() {
        let first = Pager("50 tasks", path: "/tasks", filter: [("tag", "a b")], cursor: nil, next: "2026~x")
        #expect(first.newestHref == nil)
        #expect(first.olderHref == "/tasks?tag=a%20b&cursor=2026~x")
        let last = Pager("2 tasks", path: "/tasks", filter: [], cursor: "2026~x", next: nil)
        #expect(last.newestHref == "/tasks")
        #expect(last.olderHref == nil)
    }
}
