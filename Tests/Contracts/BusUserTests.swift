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
        #expect(
            names(permissions.publish) == [
                "task_submitted", "submit", "control", "status", "query", "diff", "define", "describe", "list",
                "remove",
            ])
        let read = Set(names(permissions.subscribe))
        for request in RequestType.allCases { #expect(!read.contains(request.rawValue)) }
        for event in EventType.allCases { #expect(read.contains(event.rawValue) == event.isOutgoing, "\(event)") }
        #expect(!read.contains("*") && EventType.allCases.filter { !$0.isOutgoing } == [.taskSubmitted])
        for row in StepKind.rows { #expect(!read.contains(row.kind.permit)) }
    }

    @Test func `a company defines its projects, and operators alone its settings and limits`() {
        let denied = BusUser.company(acme).permissions(subjects).denied
        #expect(denied == ["automata.workflows.acme.-.-.define", "automata.workflows.acme.-.-.remove"])
        #expect(BusUser.operator.permissions(subjects).denied.isEmpty)
    }

    @Test func `no user reads the answers of another`() {
        let users = ["acme", "globex", "service", "INBOX"].map { BusUser.company(CompanyID(validated: $0)) }
        let prefixes = (users + BusUser.ofPlatform).map { $0.inboxPrefix + "." }
        for one in prefixes {
            for other in prefixes where one != other { #expect(!one.hasPrefix(other), "\(one) lies within \(other)") }
        }
    }

    @Test func `a company that is named like a user of ours is another user`() {
        for user in BusUser.ofPlatform { #expect(CompanyID(user.login) == nil) }
    }

    @Test(arguments: ServiceKind.allCases)
    func `no service asks for what is not its own in the stream, and no pattern takes in more`(_ service: ServiceKind) {
        let permissions = BusUser.service(service).permissions(subjects)
        let others = Set(ServiceKind.allCases.flatMap(\.consumers)).subtracting(service.consumers)
        for subject in permissions.publish where !service.row.declaresStream {
            #expect(others.allSatisfy { !subject.split(separator: ".").contains(Substring($0)) }, "\(subject)")
            #expect(!subject.contains("STREAM.MSG") && !subject.contains("CREATE") && !subject.contains("DELETE"))
        }
        let all = permissions.publish + permissions.subscribe
        #expect(all.allSatisfy { !$0.hasPrefix("automata.workflows.>") && $0 != ">" && !$0.hasSuffix("*.*.*.*") })
        #expect(Set(permissions.publish).count == permissions.publish.count)
        let submissions = all.count { $0.hasSuffix(".task_submitted") || $0.hasSuffix(".submit") }
        #expect(submissions == ([.planner, .gateway].contains(service) ? 1 : 0))
    }
}
