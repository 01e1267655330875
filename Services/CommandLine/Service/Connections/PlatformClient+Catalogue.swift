import Contracts
import Foundations

extension PlatformClient {
    /// What is defined at a place; `nil` if nothing is.
    func spec(_ kind: String, _ address: TaskAddress) async throws -> JSONValue? {
        do {
            return try await ask(address, .describe, DescribeRequest(kind).json)["spec"]
        } catch let failure as Failure where failure.code == Exit.notFound {
            return nil
        }
    }
}
