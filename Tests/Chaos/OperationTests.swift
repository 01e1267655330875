import PlatformSupport
import TestSupport
import Testing

extension Chaos {
    @Test func `replicas are restarted one after the other`() async throws {
        var restart: RollingRestart?
        try await Chaos.run(.new()) { installation in
            let nemesis = RollingRestart(installation)
            restart = nemesis
            return nemesis
        }
        #expect(restart?.complaints.elements == [])
        let times = (restart?.times.elements ?? []).sorted()
        if let last = times.last {
            print("chaos RollingRestart: a service ended in \(times[times.count / 2]), at most \(last)")
        }
    }

    @Test func `a task in ten is poison`() async throws {
        try await Chaos.run(.new(environment: ["MAX_RETRIES": "0"])) {
            $0.loads = [Load(poison: 1)]
        } under: { _ in
            NoFault()
        }
    }

    @Test func `messages are duplicated and reordered, and answers to webhooks are lost`() async throws {
        try await Chaos.run(.new()) { run in
            let sink = run.installation.platform.sink
            run.loads = [Load(webhookURL: { sink.url(.closes, $0) })]
            run.families.webhookURL = { sink.url(.closes, $0) }
        } under: {
            RepublishMessages(installation: $0)
        } and: { testimony in
            #expect(testimony.webhooks.count >= 2 * testimony.record.tasks.count(where: \.hasWebhook))
        }
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting a small disk is not permitted"))
    func `the disks of work trees are full`() async throws {
        try await Chaos.run(.new()) { installation in
            var disks: [SmallDisk] = []
            for name in ["planner", "coder", "validator", "pusher"].flatMap({ ["\($0)-1", "\($0)-2"] }) {
                disks.append(try await SmallDisk(at: installation.platform.folder.path("\(name)-home"), megabytes: 24))
            }
            return FillDisk(disks: disks)
        }
    }
}
