import FoundationEssentials
import Foundations
import Transfer

extension HTTPHeaders {
    /// How long a model's server asks to wait from `now`; `nil` where no header tells.
    ///
    /// Milliseconds first (`retry-after-ms` of OpenAI and Azure), then `Retry-After`, then the time at which what is used
    /// up comes back: `x-ratelimit-reset-requests` and `-tokens` (`6m0s`; OpenAI, Groq), `x-ratelimit-reset` (a time since
    /// 1970 in seconds or, at OpenRouter, milliseconds; else seconds from now).
    func modelWait(now: Date = Date()) -> Duration? {
        if let wait = self["retry-after-ms"].flatMap({ Double($0.trimmed) }), (0...1e10).contains(wait) {
            return .milliseconds(wait)
        }
        if let wait = retryAfter(now: now) { return wait }
        let spent = ["requests", "tokens"].filter { isZero("x-ratelimit-remaining-\($0)") }
        if let wait = spent.compactMap({ self["x-ratelimit-reset-\($0)"].flatMap(RetryHint.time) }).max() {
            return wait
        }
        guard self["x-ratelimit-remaining"] == nil || isZero("x-ratelimit-remaining") else { return nil }
        return self["x-ratelimit-reset"].flatMap { Self.untilReset($0, now) }
    }

    private func isZero(_ name: String) -> Bool { self[name].flatMap { Double($0.trimmed) } == 0 }

    private static func untilReset(_ text: String, _ now: Date) -> Duration? {
        guard let number = Double(text.trimmed) else { return RetryHint.time(text) }
        switch number {
        case 1e12..<1e14: return .seconds(max(0, number / 1000 - now.timeIntervalSince1970))
        case 1e9..<1e11: return .seconds(max(0, number - now.timeIntervalSince1970))
        case 0..<1e7: return .seconds(number)
        default: return nil
        }
    }
}
