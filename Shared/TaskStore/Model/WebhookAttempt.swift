/// One attempt to deliver a webhook message.
package struct WebhookAttempt: Sendable, Hashable {
    /// The HTTP status, `nil` if there was no answer.
    package var statusCode: Int?
    package var error: String?
    package var durationMilliseconds: Int
    /// The beginning of the answer.
    package var responseExcerpt: String?

    package init(statusCode: Int?, error: String?, durationMilliseconds: Int, responseExcerpt: String? = nil) {
        self.statusCode = statusCode
        self.error = error
        self.durationMilliseconds = durationMilliseconds
        self.responseExcerpt = responseExcerpt
    }
}
