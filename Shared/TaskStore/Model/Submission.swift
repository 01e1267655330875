import Contracts
import Flows
import FoundationEssentials
import Foundations

/// A task that is to be recorded.
package struct Submission: Sendable {
    /// Its credentials are `none` or `sealed`.
    package var request: TaskRequest
    /// Equal for equal content; tells a repeated submission from one that only has the same id.
    package var contentHash: String
    /// What an earlier version recorded for this content; `nil` for none.
    package var earlierHash: String?
    /// What the workflow goes by.
    package var flow: Flow
    package var workflowID: UUID
    /// The time limit if the request names none.
    package var defaultTimeout: Duration
    /// With how many others of its company it may wait to be begun; `nil` for any number.
    package var maxWaiting: Int?
    /// Whether it takes the place of a task of the same id with other content, if nobody has begun that.
    package var updates = false
    /// Whether to find out what would become of it, and to record nothing.
    package var isTrial = false
    /// Whose child it is; `nil` for nobody's.
    var ancestry: Ancestry?
    /// 32 hexadecimal digits of the W3C trace context that the submission came with; anything else is ignored.
    package var traceID: String?

    /// - Parameter flow: `nil` for that of a coding task.
    package init(
        request: TaskRequest, contentHash: String, earlierHash: String? = nil, flow: Flow? = nil,
        workflowID: UUID = .v7(),
        defaultTimeout: Duration = .seconds(86_400), maxWaiting: Int? = nil,
        traceID: String? = nil
    ) {
        self.request = request
        self.contentHash = contentHash
        self.earlierHash = earlierHash
        self.flow = flow ?? .task(for: request)
        self.workflowID = workflowID
        self.defaultTimeout = defaultTimeout
        self.maxWaiting = maxWaiting
        self.traceID = traceID
    }

    var contentHashes: [String] { [contentHash] + (earlierHash.map { [$0] } ?? []) }

    var timeoutSeconds: Int { request.timeoutSeconds ?? max(1, Int(defaultTimeout.seconds)) }

    var trace: String {
        let digits = Set("0123456789abcdef")
        if let traceID, traceID.count == 32, traceID.allSatisfy(digits.contains), traceID.contains(where: { $0 != "0" })
        {
            return traceID
        }
        return workflowID.text.replacing("-", with: "")
    }
}
