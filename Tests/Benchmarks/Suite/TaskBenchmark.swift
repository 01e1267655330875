import Contracts
import Foundations
import PlatformSupport
import TestSupport

extension Benchmark {
    /// One task at a time, so that each has the machine. What goes on at rest too is taken in the same run and counts
    /// for no task.
    static let task = Benchmark(
        "task", "tasks one after the other: latency, processor time by process, traffic; then all at rest"
    ) {
        try await Installation.with { installation in
            let remote = try await GitRemote(files: Play.files(1))
            let byHand = try await ByHand(remote)
            try await installation.play(3, on: remote)

            let start = try await Observation(settled: installation)
            let clock = ContinuousClock.now
            let latencies = try await installation.play(Size.tasks.value, on: remote)
            let (busy, playing) = (installation.usage(), (ContinuousClock.now - clock).seconds)
            let end = try await Observation(settled: installation)
            let rest = (try await Observation(settled: installation) - end).perSecond

            let share = 1 / Double(Size.tasks.value)
            let usage = (busy - start.usage - rest.usage * playing) * share
            let traffic = ((end - start).traffic - rest.traffic * (end - start).seconds) * share
            let messages = Yardstick(what: "messages that the task sends", value: traffic.messages)
            let figures: [[Figure]] = [
                latencies.figures("task.latency", beside: byHand.timeYardstick),
                processorFigures(usage, beside: byHand.processorYardstick),
                switchFigures(usage, beside: messages), trafficFigures(traffic, beside: messages),
                memoryFigures(installation), restFigures(rest),
            ]
            return figures.flatMap(\.self)
        }
    }

    /// Services start programs: git and the sandbox. The children of Postgres are Postgres.
    private static func processorFigures(_ usage: InstallationUsage, beside yardstick: Yardstick) -> [Figure] {
        [Figure("task.processor", usage.total, "ms", beside: yardstick)]
            + usage.processes.sorted { $0.key < $1.key }.map { name, usage in
                Figure("task.processor.\(name)", name == "postgres" ? usage.total : usage.own, "ms")
            }
            + services(usage).filter { $0.value.children > 0 }.map { name, usage in
                Figure("task.processor.\(name).children", usage.children, "ms")
            }
    }

    private static func switchFigures(_ usage: InstallationUsage, beside yardstick: Yardstick) -> [Figure] {
        let services = services(usage)
        let sum = services.reduce(0) { $0 + $1.value.switches }
        return [Figure("task.switches", sum, "switches", beside: yardstick)]
            + services.map { Figure("task.switches.\($0)", $1.switches, "switches") }
    }

    private static func services(_ usage: InstallationUsage) -> [(key: String, value: ProcessUsage)] {
        usage.processes.filter { ServiceKind(rawValue: $0.key) != nil }.sorted { $0.key < $1.key }
    }

    private static func trafficFigures(_ traffic: DatabaseTraffic, beside yardstick: Yardstick) -> [Figure] {
        [
            Figure("task.database.transactions", traffic.transactions, "transactions", beside: yardstick),
            Figure("task.database.inserted", traffic.inserted, "rows", beside: yardstick),
            Figure("task.database.updated", traffic.updated, "rows", beside: yardstick),
        ]
    }

    private static func memoryFigures(_ installation: Installation) -> [Figure] {
        let memory = installation.processes.filter { $0.name != "postgres" }.sorted { $0.name < $1.name }
            .map { ($0.name, ProcessMemory(of: $0.id)) }
        return memory.map { Figure("rest.memory.\($0)", $1.resident, "MiB") }
            + memory.map { Figure("rest.threads.\($0)", $1.threads, "threads") }
    }

    private static func restFigures(_ second: Observation) -> [Figure] {
        [
            Figure("rest.processor", second.usage.total, "ms/s"),
            Figure("rest.database.transactions", second.traffic.transactions, "1/s"),
        ]
    }
}
