import Foundation
import Testing

@testable import Transfer

@Suite struct RetryAfterTests {
    private let now = Date(timeIntervalSince1970: 1_795_000_000)

    private func wait(_ value: String) -> Duration? {
        HTTPHeaders([("retry-after", value)]).retryAfter(now: now)
    }

    @Test func `seconds and dates are understood`() {
        #expect(wait("7") == .seconds(7))
        #expect(wait(" 0 ") == .zero)
        #expect(wait("1.5") == .seconds(1.5))
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        #expect(wait(formatter.string(from: now + 90)) == .seconds(90))
        #expect(wait(formatter.string(from: now - 90)) == .zero)
    }

    @Test(arguments: ["", "soon", "-5", "inf", "nan", "1e99", "99999999999999999999"])
    func `anything else is no answer`(_ value: String) {
        #expect(wait(value) == nil)
        #expect(HTTPHeaders().retryAfter() == nil)
    }
}
