import ArgumentParser
import Contracts
import PusherService
import ServiceKit
import ServiceLifecycle
import Worker
import Workspaces

@main
struct PusherCommand: ServiceCommand {
    static let kind = ServiceKind.pusher
    static let abstract = "Commits validated trees and pushes them to their branch."
    static let crashSteps = PushStage.crashSteps

    @OptionGroup var options: ServiceOptions

    func services(_ context: ServiceContext) async throws -> [any Service] {
        [Housekeeping(context), StageWorker(context, try PushStage(context))]
    }
}
