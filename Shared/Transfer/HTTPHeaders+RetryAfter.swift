import CCURL
import FoundationEssentials
import Foundations

extension HTTPHeaders {
    /// How long `Retry-After` asks to wait from `now`, whether it is a number of seconds or a date (RFC 9110, 10.2.3).
    ///
    /// `nil` when the header is missing or says neither; zero for a date that has passed.
    package func retryAfter(now: Date = Date()) -> Duration? {
        guard let text = self["Retry-After"]?.trimmed, !text.isEmpty else { return nil }
        if let seconds = Double(text) {
            return seconds.isFinite && (0...1e9).contains(seconds) ? .seconds(seconds) : nil
        }
        let time = curl_getdate(text, nil)
        guard time >= 0 else { return nil }
        return .seconds(min(1e9, max(0, Double(time) - now.timeIntervalSince1970)))
    }
}
