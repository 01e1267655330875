import CoderService
import Contracts
import NotifierService
import PlannerService
import PlatformSupport
import PusherService
import ServiceKit
import Testing
import ValidatorService
import WebhookBridgeService

/// A death: a service that comes to a point of its protocol for the n-th time.
struct CrashCase: Sendable, CustomTestStringConvertible {
    let kind: ServiceKind
    let point: CrashPoint
    /// From 1.
    let occurrence: Int

    /// The value of `AUTOMATA_CRASH_AT`.
    var setting: String { occurrence == 1 ? point.rawValue : "\(point.rawValue):\(occurrence)" }

    var testDescription: String { "\(kind.rawValue) \(setting)" }

    /// How many model calls that were answered are lost with the process: those that it had not recorded yet.
    var lostModelCalls: ClosedRange<Int> {
        guard kind == .planner || kind == .coder else { return 0...0 }
        switch point {
        // The model speaks first, then its tool runs, and so on.
        case .after(.effect), .before(.result): return occurrence.isMultiple(of: 2) ? 0...0 : 1...1
        // What was recorded with the intent of a call is published while the call is under way.
        case .before(.publish), .after(.publish): return 0...1
        default: return 0...0
        }
    }

    /// How many webhooks that arrived are lost with the process. One may be under way while its event is acknowledged.
    var lostWebhooks: ClosedRange<Int> {
        switch point {
        case .after(.effect), .before(.result): kind == .webhookBridge ? 1...1 : 0...0
        case .before(.ack), .after(.ack): kind == .webhookBridge ? 0...1 : 0...0
        default: 0...0
        }
    }
}

/// Cases that play on one platform, one after the other.
struct CrashGroup: Sendable, CustomTestStringConvertible {
    let kind: ServiceKind
    let number: Int
    let cases: [CrashCase]

    var testDescription: String { "\(kind.rawValue) \(number)" }

    private static let size = 12

    /// Every point that every service says it comes to.
    static let all: [CrashGroup] = ServiceKind.allCases.flatMap { kind in
        let cases = kind.crashSteps.flatMap { step in
            kind.occurrences(of: step).flatMap { occurrence in
                [CrashPoint.before(step), .after(step)].map {
                    CrashCase(kind: kind, point: $0, occurrence: occurrence)
                }
            }
        }
        return stride(from: 0, to: cases.count, by: size).enumerated().map { number, start in
            CrashGroup(kind: kind, number: number + 1, cases: Array(cases[start..<min(start + size, cases.count)]))
        }
    }
}

extension ServiceKind {
    /// The steps that a service publishes.
    fileprivate var crashSteps: [CrashPoint.Step] {
        switch self {
        case .planner: Planner.crashSteps
        case .coder: ImplementationStage.crashSteps
        case .validator: ValidationStage.crashSteps
        case .pusher: PushStage.crashSteps
        case .notifier: Notifier.crashSteps
        case .webhookBridge: WebhookBridge.crashSteps
        case .gateway: []
        }
    }

    /// The first time, and others that are another situation: the tool calls and the second turn, the last message.
    fileprivate func occurrences(of step: CrashPoint.Step) -> [Int] {
        switch (self, step) {
        case (.planner, .effect), (.planner, .result): [1, 2]
        case (.coder, .effect), (.coder, .result): [1, 2, 3, 4]
        case (.coder, .intent): [1, 2]
        case (.planner, .publish): [1, 6]
        case (.coder, .publish): [1, 5]
        case (.validator, .publish), (.pusher, .publish): [1, 3]
        default: [1]
        }
    }
}
