import ArgumentParser
import Contracts
import NotifierService
import ServiceKit
import ServiceLifecycle
import ServiceSupport
import TaskStore
import Worker

/// The service that no installation has yet: it works on coordinating steps. A process of its own, to be killed.
///
/// It is a planner by its rights. The other executables do not know its kind: it declares the permits of that, and
/// publishes those that they leave.
@main
struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos-coordinator", abstract: "Coordinates parents and children, for the tests.")
    /// Long enough to be found at work.
    private static let hesitation: Duration = .milliseconds(100)

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        try await ServiceProcess.run(
            .planner, options: options, crashSteps: StageWorker.crashSteps,
            kinds: StepKind.rows + [StepKind.coordination]
        ) { context in
            [
                Relay(context), Settler(context: context),
                StageWorker(context, CoordinateStage(hesitation: Self.hesitation)),
            ]
        }
    }
}

/// Has parents take in what they were told, so that their permits need not wait for the relay.
struct Settler: Service {
    let context: ServiceContext

    func run() async throws {
        await Periodic.run(every: .milliseconds(100), "settling", context.logger) {
            context.publisher.publish(try await context.store.settleTold())
        }
    }
}
