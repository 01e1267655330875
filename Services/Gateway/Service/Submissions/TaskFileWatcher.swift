import Contracts
import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import ServiceLifecycle
import TaskFiles

/// Applies a file of tasks whenever it changes. Several gateways can watch the same: the record decides what becomes of
/// a task.
actor TaskFileWatcher: Service {
    /// How often it looks: a file that is put in the place of another, or mounted, tells nobody.
    private static let interval: Duration = .seconds(2)
    /// For how many looks it lets what was refused rest: its project may be defined meanwhile, or a limit raised.
    static let patience = 5

    private let path: String
    private let project: TaskAddress?
    private let door: TaskFileDoor
    private let logger: Logger

    /// What the file held at the last look; `nil` for none.
    private var content: Data?
    /// What of it is still to be done.
    private var open: TaskFile?
    /// For how many looks that rests.
    private var rest = 0
    /// What operators were told of this content.
    private var told: Set<String> = []

    /// - Parameter project: Of tasks that name none.
    init(_ path: String, project: ProjectAddress?, door: any FrontDoorClient, logger: Logger) {
        self.path = path
        self.project = project.map { TaskAddress(company: $0.company, project: $0.project, task: .all) }
        self.door = TaskFileDoor(door: door)
        self.logger = logger
    }

    func run() async throws {
        await Periodic.run(every: Self.interval, "tasks file", logger) { await self.look() }
    }

    /// Applies what is new in the file, and again what could not be done before.
    func look() async {
        guard let data = FileManager.default.contents(atPath: path) else {
            forget(nil)
            return tell("missing") { logger.info("there is no tasks file", metadata: ["file": "\(path)"]) }
        }
        if data != content { read(data) }
        guard rest == 0, let file = open else {
            rest = max(0, rest - 1)
            return
        }
        do {
            let plan = try await file.plan(at: door).carriedOut(at: door)
            report(plan)
            (open, rest) = (plan.refused.isEmpty ? nil : TaskFile(plan.refused.map(\.entry)), Self.patience)
        } catch {
            tell("unavailable") {
                logger.warning("the tasks file waits for the platform", metadata: ["error": "\(error)"])
            }
        }
    }

    private func forget(_ data: Data?) {
        guard data != content else { return }
        (content, open, rest, told) = (data, nil, 0, [])
    }

    private func read(_ data: Data) {
        forget(data)
        do {
            open = try TaskFile(data, project: project)
        } catch {
            logger.warning(
                "the tasks file is broken, nothing of it is applied",
                metadata: [
                    "file": "\(path)", "line": "\(error.place?.line ?? 0)", "column": "\(error.place?.column ?? 0)",
                    "reason": "\(error.reason)",
                ])
        }
    }

    private func report(_ plan: TaskPlan) {
        let done = plan.counts.filter { $0.count > 0 }.map { ($0.word, Logger.MetadataValue.string("\($0.count)")) }
        if plan.rows.contains(where: { $0.change == .create || $0.change == .update }) {
            logger.info("the tasks file was applied", metadata: Dictionary(uniqueKeysWithValues: done))
        }
        for row in plan.refused {
            guard let refusal = row.refusal else { continue }
            tell("\(row.entry.name) \(refusal.code) \(refusal.reason)") {
                logger.warning(
                    "a task of the tasks file was refused",
                    metadata: [
                        "task": "\(row.entry.name)", "line": "\(row.entry.place?.line ?? 0)",
                        "code": "\(refusal.code)", "reason": "\(refusal.reason)",
                    ])
            }
        }
    }

    /// Once for what the file holds.
    private func tell(_ what: String, _ body: () -> Void) {
        if told.insert(what).inserted { body() }
    }
}

/// Submits the tasks of a file at the front door, and takes what that refuses for an answer.
struct TaskFileDoor: TaskDoor {
    let door: any FrontDoorClient

    func submit(_ submission: JSONValue, _ address: TaskAddress) async throws -> Reply {
        do {
            return .ok(try await door.ask(.submit, address, submission))
        } catch let problem as Problem where problem.status != 503 {
            return .error(code: problem.code, message: problem.detail)
        }
    }
}
