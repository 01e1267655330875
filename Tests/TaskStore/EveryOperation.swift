import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// Calls every operation of the store at least once, on tasks of its own.
struct EveryOperation {
    let fixture: Fixture
    /// Keeps the tasks of several calls apart.
    let label: String

    /// Connections of those services that do what the planner, whose fixture this is otherwise, may not.
    var others: [ServiceKind: Fixture] = [:]
    /// Connections of the owner, who gives out access tokens.
    var owner: Fixture?
    private var store: TaskStore { fixture.store }
    private var keeper: Fixture { others[.notifier] ?? fixture }
    private var bridge: Fixture { others[.webhookBridge] ?? fixture }
    private var gateway: Fixture { others[.gateway] ?? fixture }
    private let stream = "AUTOMATA"
    private let past = Date() - 3600

    func perform() async throws {
        let run = try await stages()
        try await waiting()
        try await family()
        try await controls()
        try await operating()
        try await reconciling()
        try await reading(run)
        try await catalogue()
        try await querying(run.record.address)
        try await publishing()
        try await webhooks()
        try await comingIn(run.record.address)
    }

    /// A task from its submission to its end.
    private func stages() async throws -> StageRun {
        let task = "\(label)-flow"
        try await fixture.submit(task) { $0.repository.credentials = .sealed("seal") }
        let again = Submission(request: request(try address(task)), contentHash: "another")
        _ = try await store.submit(again)
        #expect(try await store.recorded(try address(task), as: ["hash of \(task)"]) != nil)
        try await store.set(CompanyLimit(company: "acme", maxRunning: 1000))
        var run = try await fixture.claim()
        _ = try await store.heartbeat(run.claim, lease: lease)
        try await store.recordIntent(
            run.claim, step: 0, kind: .toolCall, name: "n", requestHash: "h", lease: lease)
        let checkpoint = Checkpoint(commit: commits[1], tree: commits[2], base: commits[0], pack: Data([1]))
        let step = JournalStep(step: 0, kind: .toolCall, name: "n", requestHash: "h", result: 1, checkpoint: checkpoint)
        let discovery = try EventDraft(DiscoveryRecorded(content: "c", tags: []))
        for _ in 0..<2 { _ = try await store.recordStep(run.claim, step, events: [discovery]) }
        _ = try await store.record(run.claim, [RunRecord([discovery])])
        _ = try await store.control(try address(task), .steer(message: "faster"))
        _ = try await store.steering(run.claim)
        _ = try await store.journal(of: run.key)
        let chain = try await store.checkpointChain(of: run.key.workflowID)
        _ = try await store.pack(of: try #require(chain.first), in: run.key.workflowID)
        _ = try await store.checkpointBytes(of: run.key.workflowID)
        _ = try await store.hasUnpricedAlert(of: run.key.workflowID)
        _ = try await store.emit(run.claim, [try EventDraft(WorkflowStarted(title: "t", priority: 5))])
        _ = try await store.release(run.claim, error: "e")
        _ = try await store.needsPermit(.plan, of: run.key.workflowID)
        run = try await fixture.claim()
        _ = try await store.beginAfresh(run.claim, because: "r")
        run = try await fixture.claim()
        _ = try await store.finish(run.claim)
        run = try await fixture.claim(.implementation)
        _ = try await store.finish(run.claim)
        run = try await fixture.claim(.validation)
        _ = try await store.finish(run.claim, output: evidence(run.key.workflowID))
        _ = try await store.control(try address(task), .approve)
        run = try await fixture.claim(.push)
        _ = try await store.finish(run.claim)
        return run
    }

    /// Tasks that wait for others, and submissions that are refused.
    private func waiting() async throws {
        let first = try await fixture.submit("\(label)-first")
        try await fixture.submit("\(label)-second", dependencies: ["\(label)-first"])
        let circle = request(try address("\(label)-third"), dependencies: ["\(label)-third"])
        _ = try await store.submit(Submission(request: circle, contentHash: "h"))
        let second = request(try address("\(label)-second"), dependencies: ["\(label)-first"])
        var change = Submission(request: second, contentHash: "changed")
        change.request.task.tags = ["changed"]
        change.request.repository.credentials = .sealed("seal")
        change.updates = true
        for isTrial in [true, false] {
            change.isTrial = isTrial
            guard case .updated = try await store.submit(change) else { throw Fixture.Unexpected(outcome: "no update") }
        }
        _ = try await store.end(workflow: first, as: .cancelled)
        let refused = try address("\(label)-refused")
        let rejection = Rejection(
            address: refused, subject: "s", excerpt: "e", code: "c", field: "f", reason: "r",
            deduplicationKey: "\(label)-key")
        for _ in 0..<2 { _ = try await store.reject(rejection) }
        #expect(try await store.knows(refused))
        #expect(try await !store.knows(try address("\(label)-unknown")))
    }

    /// A workflow that has others do its work, one after the other.
    private func family() async throws {
        let family = try await Family(fixture, "\(label)-family", layers: [1, 1])
        _ = try await store.spawn(try await fixture.claim(.coordinate).claim, family.plan)
        _ = try await store.children(of: family.parent)
        for child in family.plan {
            try await store.finish(try await fixture.claim(.implementation).claim)
            let run = try await fixture.claim(.coordinate)
            if child.key == family.plan.last?.key {
                try await store.finish(run.claim)
            } else {
                _ = try await store.wait(run.claim)
            }
        }
    }

    private func controls() async throws {
        let task = "\(label)-controlled"
        try await fixture.submit(task)
        let requests: [ControlRequest] = [
            .pause, .resume, .steer(message: "m"), .raiseBudget(maxCostUSD: 9), .cancel, .retry, .reject, .approve,
            .cancel,
        ]
        for request in requests { _ = try await store.control(try address(task), request, by: "ann") }
    }

    /// What people who run the platform see and hold.
    private func operating() async throws {
        let replica = Replica(
            owner: fixture.owner, service: .planner, name: "\(label)-1", version: "1", places: 4, startedAt: past)
        for _ in 0..<2 { _ = try await store.show(replica) }
        for order in [Replica.Order.drain, .run] { _ = try await store.order(replica.name, to: order, by: "ann") }
        let line = LogLine(time: past, level: "warning", message: "m", facts: ["workflow_id": UUID().text])
        try await store.record([line, line], of: "planner", replica: replica.name)
        try await store.noteModelFailure(of: "\(label)-model", code: "model_rate_limited", error: "status 429")
        try await store.forgetReplica(fixture.owner)
        let acme = PausePlace.company(CompanyID(validated: "acme"))
        for place in [acme, .platform] { _ = try await store.figures(of: place) }
        _ = try await store.nextCheckpoints(every: 7)
        _ = try await keeper.store.beginDueCheckpoints(every: 3650)
        let pause = try #require(try await store.move(acme, .checkpoint, by: "ann"))
        _ = try await keeper.store.restingCheckpoints()
        let figures = try await keeper.store.figures(of: acme)
        let event = CheckpointReached(
            reportID: "r", actor: "ann", since: figures.since, tasksEnded: 1, tasksSucceeded: 1, costUSD: 0)
        let report = StoredReport(of: acme, figures, markdown: "# Report", by: "ann")
        #expect(try await keeper.store.reach(pause, with: report, telling: event).count == 1)
        _ = try await store.move(acme, .resume, by: "ann")
        try await store.keep(StoredReport(of: acme, figures, markdown: "# Report", by: "ann"))
    }

    private func reconciling() async throws {
        try await fixture.submit("\(label)-lost")
        _ = try await fixture.claim(lease: .zero)
        _ = try await keeper.store.returnExpiredLeases()
        _ = try await keeper.store.settleTold()
        _ = try await keeper.store.wakeWaiting()
        _ = try await keeper.store.reannounceReady(olderThan: .zero)
        try await fixture.run("update tasks set deadline_at = now() - interval '1 hour' where finished_at is null")
        _ = try await keeper.store.endOverdue()
        for _ in 0..<2 { _ = try await keeper.store.claimDuties(["\(label)-duty"], owner: fixture.owner, lease: lease) }
        try await keeper.store.giveBackDuties(of: fixture.owner)
    }

    private func reading(_ run: StageRun) async throws {
        let address = run.record.address
        _ = try await store.workflow(run.key.workflowID)
        _ = try await store.workflow(address, withSeal: true)
        _ = try await store.snapshot(address)
        _ = try await store.activities(address)
    }

    /// What is defined beside tasks, and what they get of it.
    private func catalogue() async throws {
        let place = try #require(CataloguePlace(try address("-", project: label)))
        let project = CatalogueObject(
            ProjectSpec.kind, at: place,
            spec: ["repository": ["remote_url": "u", "credentials": ["credential_type": "sealed", "sealed": ""]]],
            credentials: ProjectCredentials(for: "u", sealed: "seal", contentHash: label))
        for created in [true, false] {
            #expect(try await store.define(project, by: "ann") == .defined(version: 1, created: created))
        }
        #expect(try await store.describe(ProjectSpec.kind, at: place)?.version == 1)
        #expect(try await store.describe(ProjectSpec.kind, at: place, version: 7) == nil)
        #expect(try await gateway.store.versions(ProjectSpec.kind, at: place, limit: 1).count == 1)
        for kind in Catalogue.kinds {
            let filters: [[String: JSONValue]] = [[:]] + kind.filters.map { [$0.key: .string($0.value)] }
            for scope in try QuerySamples.scopes("-").dropLast() {
                for filter in filters {
                    var request = QueryRequest(kind.kind, filter: filter, limit: 1)
                    request.cursor = try await store.list(request, of: kind, in: scope).cursor
                    _ = try await store.list(request, of: kind, in: scope)
                }
            }
        }
        let own = TaskAddress(
            company: place.address.company, project: place.address.project, task: TaskID(validated: "t"))
        let seal = try await store.defaults(of: own).project?["repository"]?["credentials"]?["sealed"]
        #expect(seal == "seal")
        _ = try await store.settings()
        #expect(try await store.remove(ProjectSpec.kind, at: place) == 1)
        _ = try await store.companyLimits()
        try await store.removeLimit(of: "acme")
    }

    /// Two pages of every list, of all that it can be asked for: of this task, and where much has ended.
    private func querying(_ own: TaskAddress) async throws {
        let scopes =
            try QuerySamples.scopes(own.task.text)
            + QuerySamples.scopes("task-1", company: "company-1", project: "project-1")
        for list in QueryList.all {
            for filter in QuerySamples.filters(list) {
                #expect(filter.isEmpty || list.filters.contains { filter[$0.name] != nil })
                for scope in scopes where list.scopes.contains(scope.level) {
                    var request = QueryRequest(list.what, filter: filter, limit: 1)
                    request.cursor = try await store.page(request, in: scope)?.cursor
                    if request.cursor != nil { _ = try await store.page(request, in: scope) }
                }
            }
        }
    }

    private func publishing() async throws {
        let messages = try await store.unpublished(olderThan: .zero)
        _ = try await store.unpublished(of: messages.compactMap(\.workflowID))
        let highest = try await store.brokerState(of: stream).highestSequence
        let published = messages.enumerated().map { place, message in
            PublishedMessage(id: message.id, streamSequence: UInt64(highest) + 1 + UInt64(place))
        }
        try await store.markPublished(published)
        // The stream was put back: it gives a place again that it gave before.
        if let last = published.last {
            try await store.markPublished([PublishedMessage(id: published[0].id, streamSequence: last.streamSequence)])
        }
        _ = try await store.streamAnchor(olderThan: .zero)
        try await store.markUnpublished(published)
        try await store.markPublished(published)
        try await store.displace(sequence: UInt64(highest))
        _ = try await keeper.store.resetPublished(after: UInt64(highest), before: Date() + 60, limit: 10)
        try await keeper.store.recordBroker(stream: stream, createdAt: Date())
        let checked = try await keeper.store.submissionsChecked(in: stream)
        try await keeper.store.moveSubmissionsChecked(in: stream, from: try #require(checked), to: 7)
        try await keeper.store.recheckSubmissions(in: stream, after: 3)
    }

    private func webhooks() async throws {
        let claimed = try await bridge.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries
        let first = try #require(claimed.first)
        _ = try await bridge.store.heartbeat(claimed.map(\.lease), lease: lease)
        try await bridge.store.recordAttempt(
            first, .endpointDisabled(reason: "r"), WebhookAttempt(statusCode: 410, error: nil, durationMilliseconds: 1),
            endpoint: "https://example.org/\(label)")
        _ = try await bridge.store.claimWebhooks(owner: fixture.owner, lease: lease)
        let ended = try #require(try await store.workflow(first.workflowID))
        _ = try await store.control(ended.address, .replayWebhook(id: first.id))
        _ = try await store.backlog(limit: 10)
    }

    /// Those who come in over HTTP, and what they follow.
    private func comingIn(_ own: TaskAddress) async throws {
        let digests = (0..<4).map { _ in (0..<64).map { _ in "\(Int.random(in: 0...9))" }.joined() }
        let tokens = owner ?? fixture
        let grant = AccessGrant(name: "\(label)-token", role: .viewer, company: nil)
        #expect(try await tokens.store.create(grant, digest: digests[0]))
        try await tokens.store.replace(grant, digest: digests[0])
        #expect(try await tokens.store.invite(as: grant.name, invitation: digests[1], for: lease))
        #expect(try await gateway.store.redeem(invitation: digests[1], session: digests[2], for: lease) != nil)
        #expect(try await gateway.store.signIn(token: digests[0], session: digests[3], for: lease) != nil)
        _ = try await gateway.store.accessGrant(token: digests[0])
        _ = try await gateway.store.accessGrant(session: digests[2])
        try await gateway.store.signOut(session: digests[2])
        _ = try await tokens.store.accessGrants()
        #expect(try await tokens.store.revoke(grant.name))
        for what in ["replicas", "models", "health", "system", "performance"] {
            _ = try await gateway.store.page(QueryRequest(what), in: .platform)
        }
        _ = try await gateway.store.nextCheckpoints(every: 7)
        let cursor = try await gateway.store.eventCursor()
        try await fixture.submit("\(label)-followed")
        let batch = try #require(try await gateway.store.events(after: cursor, in: .company(own.company), limit: 1))
        let place = try #require(batch.messages.first.map { cursor.behind($0, of: batch) })
        _ = try await gateway.store.events(after: place)
        _ = try await gateway.store.events(of: own, after: 0)
        let last = try await gateway.store.lastLine()
        for scope in try QuerySamples.scopes("t") {
            let filter = try LogFilter(["service": "coder", "level": "info"], in: scope)
            _ = try await gateway.store.lines(after: max(0, last - 1), upTo: last, matching: filter, limit: 1)
        }
    }

    /// For a database in which much has ended.
    func prune() async throws {
        let old = Date() - 30 * 86_400
        #expect(try await store.pruneOutbox(before: old, limit: 100) == 100)
        #expect(try await store.pruneHistory(before: old, limit: 10) == 10)
        #expect(try await store.pruneRejections(before: old, limit: 100) == 100)
        #expect(try await store.pruneLogs(before: old, limit: 100) == 100)
        #expect(try await store.pruneFailures(before: old, limit: 100) == 100)
        #expect(try await store.pruneModelFailures(before: old, limit: 100) == 100)
        #expect(try await store.prunePauses(before: old, limit: 10) == 10)
        #expect(try await store.pruneReplicas(before: old, limit: 100) == 0)
    }
}
