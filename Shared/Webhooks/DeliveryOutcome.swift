/// What came of one attempt to deliver a webhook.
package enum DeliveryOutcome: Sendable, Hashable {
    /// The receiver answered.
    /// - Parameters:
    ///   - retryAfter: How long it asked to wait.
    ///   - excerpt: The start of its answer, at most 2 KB, without our secrets.
    case answered(status: Int, retryAfter: Duration?, excerpt: String)
    /// There was no answer; the same request may succeed later.
    case failed(reason: String)
    /// The target may not or cannot be called at all.
    case refused(reason: String)

    /// The status of the answer, if there was one.
    package var status: Int? { if case .answered(let status, _, _) = self { status } else { nil } }

    /// What went wrong, for people; `nil` if nothing did.
    package var error: String? {
        switch self {
        case .answered(200..<300, _, _): nil
        case .answered(300..<400, _, _): "the receiver redirects, and redirects are not followed"
        case .answered(let status, _, _): "the receiver answered \(status)"
        case .failed(let reason), .refused(let reason): reason
        }
    }
}
