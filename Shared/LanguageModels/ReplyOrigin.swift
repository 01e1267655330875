/// Where a reply is from. What a provider sent beside the words goes back to the same place alone: to another it means
/// nothing, and signatures of one are refused by the other.
package enum ReplyOrigin {
    /// The origin of the replies of `model`, as it was asked for, at `baseURL`.
    package static func text(baseURL: String, model: String) -> String { "\(baseURL) \(model)" }
}
