import Contracts
import Foundations
import Testing

@Suite struct BusUserTests {
    private let subjects = SubjectScheme()
    private let acme = CompanyID(validated: "acme")

    @Test func `a company's user is bound to its company, by name and by inbox`() {
        let permissions = BusUser.company(acme).permissions(subjects)
        for subject in permissions.publish { #expect(subject.hasPrefix("automata.workflows.acme.*.*."), "\(subject)") }
        for subject in permissions.subscribe where subject != "_INBOX.acme.>" {
            #expect(subject.hasPrefix("automata.workflows.acme.*.*."), "\(subject)")
        }
    }

    @Test(arguments: [BusUser.operator, .company(CompanyID(validated: "acme"))])
    func `a client asks, submits and reads events, and nothing else`(_ user: BusUser) {
        func names(_ subjects: [String]) -> [String] { subjects.map { String($0.split(separator: ".").last ?? "") } }
        let permissions = user.permissions(subjects)
        #expect(names(permissions.publish) == ["task_submitted", "submit", "control", "status", "query", "diff"])
        let read = Set(names(permissions.subscribe))
        for request in RequestType.allCases { #expect(!read.contains(request.rawValue)) }
        for event in EventType.allCases { #expect(read.contains(event.rawValue) == event.isOutgoing, "\(event)") }
        #expect(!read.contains("*") && EventType.allCases.filter { !$0.isOutgoing } == [.taskSubmitted])
        for row in StepKind.rows { #expect(!read.contains(row.kind.permit)) }
    }

    @Test func `no user reads the answers of another`() {
        let users = ["acme", "globex", "service", "INBOX"].map { BusUser.company(CompanyID(validated: $0)) }
        let prefixes = (users + [.service, .operator]).map { $0.inboxPrefix + "." }
        for one in prefixes {
            for other in prefixes where one != other { #expect(!one.hasPrefix(other), "\(one) lies within \(other)") }
        }
    }

    @Test func `a company that is named like a user of ours is another user`() {
        for user in [BusUser.service, .operator] { #expect(CompanyID(user.login) == nil) }
    }
}
