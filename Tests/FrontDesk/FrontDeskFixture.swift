import Contracts
import Cryptography
import Foundation
import Foundations
import FrontDesk
import Testing

/// A front desk over a record in memory.
struct FrontDeskFixture {
    static let address = TaskAddress(
        company: CompanyID(validated: "acme"), project: ProjectID(validated: "web"),
        task: TaskID(validated: "fix-login"))

    let record = MemoryRecord()
    let outlet = MemoryOutlet()
    let ring: KeyRing
    let submissions: SubmissionDesk
    let desk: FrontDesk

    init(_ change: (inout SubmissionRules) -> Void = { _ in }) throws {
        ring = try KeyRing([.masterKey: KeyRing.newMasterKey()])
        var rules = SubmissionRules { steps, company throws(FieldError) in
            guard steps.commands.isEmpty || company.text == "trusted" else {
                throw FieldError(path: "validation.setup", reason: "nothing is installed for this company")
            }
        }
        change(&rules)
        submissions = SubmissionDesk(
            record, keys: SubmissionKeys(sealing: try #require(ring.sealing), content: try #require(ring.contentKey)),
            rules: rules, outlet: outlet)
        let desks: [any Desk] = [
            submissions, ControlDesk(record, outlet: outlet), StatusDesk(record), QueryDesk(record), DiffDesk(record),
            DefineDesk(record, keys: submissions.keys, rules: submissions.rules, outlet: outlet), DescribeDesk(record),
            ListDesk(record), RemoveDesk(record, outlet: outlet),
        ]
        desk = FrontDesk(desks, outlet: outlet)
    }

    /// A submission of the task, changed.
    static func request(_ change: (inout TaskRequest) -> Void = { _ in }) -> TaskRequest {
        var request = TaskRequest(
            task: TaskSettings(address: address, title: "Repair the login"),
            repository: RepositorySettings(remoteURL: "https://git.example.com/web.git"))
        change(&request)
        return request
    }

    func ask(
        _ type: RequestType, _ body: JSONValue = [:], about address: TaskAddress? = FrontDeskFixture.address
    ) async throws -> Reply {
        await desk.answer(
            type, ClientMessage(subject: "a.subject", address: address, body: try body.data(), trace: nil))
    }
}

extension Reply {
    /// The fields of a good answer, else a test failure.
    func fields() throws -> [String: JSONValue] {
        guard case .ok(let fields) = self else { throw Unexpected(reply: self) }
        return fields
    }

    /// The code of a refusal, else a test failure.
    func code() throws -> String {
        guard case .error(let code, _, _) = self else { throw Unexpected(reply: self) }
        return code
    }

    private struct Unexpected: Error { let reply: Reply }
}
