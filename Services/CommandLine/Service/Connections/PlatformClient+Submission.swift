import Contracts
import Foundations

extension PlatformClient {
    /// Submits a task and says that it is recorded, or follows it to its end.
    func submit(_ body: JSONValue, watch: Bool, json: Bool) async throws {
        let address = try TaskAddress(of: body)
        guard watch else {
            let reply = try await ask(address, .submit, body)
            guard !json else { return try Output.json(.object(reply)) }
            let known = reply["duplicate"]?.boolValue == true ? " (it was known)" : ""
            return Output.line("\(address.company)/\(address.project)/\(address.task) is recorded\(known)")
        }
        try await Watcher(client: self, address: address, json: json).follow {
            _ = try await ask(address, .submit, body)
        }
    }
}

extension TaskAddress {
    /// The task that a request names. What is wrong with it is told without asking anybody.
    init(of body: JSONValue) throws {
        do {
            let nobody = TaskAddress(company: .all, project: .all, task: .all)
            self = try SubmittedRequest(try body.data(), to: nobody).address
        } catch let error as FieldError {
            throw Failure("\(error)", Exit.refused)
        }
    }
}
