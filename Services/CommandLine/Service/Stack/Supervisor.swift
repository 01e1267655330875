import Foundation
import Foundations

#if canImport(Glibc)
import Glibc
#endif

/// Keeps the services of a private stack running: starts each, and again when it ends, unless it was to end.
///
/// It is a process of its own, whose children they are. When it is told to end it has them end first.
actor Supervisor {
    /// How long a service may take to end.
    private static let patience: Duration = .seconds(12)
    /// `EX_OSERR`: what counts as the status of one that could not be started.
    private static let notRun: Int32 = 71

    private let paths: StackPaths
    private let services: [SupervisedService]
    private let waiting: BlockingPool
    private var processes: [String: SupervisedProcess] = [:]

    init(_ services: [SupervisedService], _ paths: StackPaths) {
        self.paths = paths
        self.services = services
        waiting = BlockingPool(label: "supervisor", width: services.count)
    }

    /// Returns when no service is left that is to be started again, or once it was cancelled and all have ended.
    func run() async {
        await withDiscardingTaskGroup { group in
            for service in services { group.addTask { await self.keep(service) } }
        }
    }

    private func keep(_ service: SupervisedService) async {
        var supervision = Supervision()
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let status = await runOnce(service)
            guard !Task.isCancelled else { return }
            switch supervision.decide(status, after: .now - start) {
            case .leave: return note(service, ended: status)
            case .startAgain(let delay):
                Output.error("\(service.name) ended with status \(status), it is started again in \(delay)")
                guard (try? await Task.sleep(for: delay)) != nil else { return }
            }
        }
    }

    /// Runs a service to its end and returns its status.
    private func runOnce(_ service: SupervisedService) async -> Int32 {
        let process: StackProcess
        do {
            let isFirst = processes[service.name] == nil
            process = try Launcher(paths: paths).start(
                service.name, service.program, [], environment: service.environment, healthPort: service.healthPort,
                appendsToLog: !isFirst)
            try note(service, started: process)
        } catch {
            Output.error("\(service.name) cannot be started: \(error)")
            return Self.notRun
        }
        let status = await withTaskCancellationHandler {
            try? await waiting.run { ProcessTable.waitForEnd(process.pid) }
        } onCancel: {
            ProcessTable.signal(process, SIGTERM)
            _ = Deadlines.process.schedule(after: Self.patience) { ProcessTable.signal(process, SIGKILL) }
        }
        return status ?? Self.notRun
    }

    private func note(_ service: SupervisedService, started process: StackProcess) throws {
        let starts = (processes[service.name]?.starts ?? 0) + 1
        processes[service.name] = SupervisedProcess(process: process, starts: starts)
        try SupervisedProcess.save(processes, paths)
    }

    private func note(_ service: SupervisedService, ended status: Int32) {
        Output.error("\(service.name) ended with status \(status), it is not started again")
        processes[service.name]?.status = status
        try? SupervisedProcess.save(processes, paths)
    }
}
