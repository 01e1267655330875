/// Where a reply is from. What a provider sent beside the words goes back to the same place alone: to another it means
/// nothing, and signatures of one are refused by the other.
package enum ReplyOrigin {
    /// The origin of the replies of `model`, as it was asked for, at `baseURL`.
    package static func text(baseURL: String, model: String) -> String { "\(address(of: baseURL)) \(model)" }

    /// `baseURL` without a user and password: journals keep it, and logs tell it.
    package static func address(of baseURL: String) -> String {
        guard let scheme = baseURL.firstRange(of: "://") else { return baseURL }
        let rest = baseURL[scheme.upperBound...]
        guard let at = rest.prefix(while: { $0 != "/" }).lastIndex(of: "@") else { return baseURL }
        return String(baseURL[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }
}
