import Foundation

/// A webhook whose signature was verified.
struct VerifiedWebhook: Sendable {
    /// The value of `webhook-id`, the same for each attempt.
    let id: String
    let body: Data
}
