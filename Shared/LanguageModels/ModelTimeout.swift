import Foundations

/// How long a model may take: `MODEL_TIMEOUT`, as `first` or `first/whole` in seconds.
package struct ModelTimeout: Sendable, Hashable {
    /// The longest silence, also before the first word.
    package var first: Duration = .seconds(600)
    /// For a whole reply, from the connection to the last word.
    package var whole: Duration = .seconds(1800)

    package init() {}

    /// Reads the setting; `nil` if it is none. A whole reply may take no less than its first word.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0.trimmed) }
        guard (1...2).contains(parts.count), let first = parts[0], (1...86_400).contains(first) else { return nil }
        self.first = .seconds(first)
        guard parts.count == 2 else {
            whole = max(whole, self.first)
            return
        }
        guard let seconds = parts[1], (first...86_400).contains(seconds) else { return nil }
        whole = .seconds(seconds)
    }
}
