extension BusPermissions {
    /// What the row of a service asks for, and nothing else.
    static func service(_ service: ServiceKind, _ subjects: SubjectScheme) -> BusPermissions {
        BusPermissions(
            publish: messages(of: service, subjects) + replies(of: service) + jetStream(service),
            subscribe: requests(to: service, subjects) + ["\(BusUser.service(service).inboxPrefix).>"])
    }

    private static func messages(of service: ServiceKind, _ subjects: SubjectScheme) -> [String] {
        let rights = service.tells
        return rights.events.map { subjects.filter($0) } + rights.permits.map(subjects.filter(permit:))
            + (service.asksForObjects ? [subjects.filter(.objects)] : [])
            + (service.row.passesOnRequests ? RequestType.ofClients.map { subjects.filter($0) } : [])
            + (service.row.answers.isEmpty ? [] : [subjects.signals])
    }

    private static func requests(to service: ServiceKind, _ subjects: SubjectScheme) -> [String] {
        let asked = service.row.answers + (service.row.handsOverObjects ? [.objects] : [])
        return asked.map { subjects.filter($0) } + (service.row.kinds.isEmpty ? [] : [subjects.signals])
            + (service.row.passesOnRequests ? events(subjects, of: nil) : [])
    }

    /// Who asks is answered in its own inbox: operators, other services, a gateway among them, and companies by `_R_`, which
    /// nats-server puts in the place of a company's own subject. Parts of a pack are asked for in the inbox of who offered
    /// it.
    private static func replies(of service: ServiceKind) -> [String] {
        let clients = service.row.answers.isEmpty ? [] : ["_R_.>", "\(BusUser.operator.inboxPrefix).>"]
        let others = ServiceKind.allCases.filter { other in
            (!service.row.answers.isEmpty && other.row.passesOnRequests)
                || (service.row.handsOverObjects && other.asksForObjects)
                || (service.asksForObjects && other.row.handsOverObjects)
        }
        return clients + others.map { "\(BusUser.service($0).inboxPrefix).>" }
    }

    /// Not the whole JetStream API: before 2.10.27, whoever may publish to all of it can purge the streams of other
    /// accounts (CVE-2025-30215).
    private static func jetStream(_ service: ServiceKind) -> [String] {
        let stream = StreamNames.events
        let own = service.consumers
        var verbs = ["STREAM.INFO.\(stream)"]
        if service.row.declaresStream {
            verbs += ["STREAM.CREATE", "STREAM.UPDATE"].map { "\($0).\(stream)" }
            verbs += ["DURABLE.CREATE", "INFO", "DELETE", "MSG.NEXT"].map { "CONSUMER.\($0).\(stream).*" }
        } else {
            verbs += own.flatMap { ["CONSUMER.INFO.\(stream).\($0)", "CONSUMER.MSG.NEXT.\(stream).\($0)"] }
        }
        if service.tells.readsStream { verbs.append("STREAM.MSG.GET.\(stream)") }
        // A submission that is recorded is erased.
        if own.contains(StreamNames.intake) { verbs.append("STREAM.MSG.DELETE.\(stream)") }
        return verbs.map { "$JS.API.\($0)" } + own.map { "$JS.ACK.\(stream).\($0).>" }
    }
}
