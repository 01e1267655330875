import ArgumentParser
import Contracts
import Foundation
import Foundations
import ServiceKit

/// `automata up`
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Starts a private nats-server, Postgres and every service under .automata/.",
        discussion: """
            Model settings, WEBHOOK_URL and the like are taken over from the environment. With a repository, tasks of the \
            project local/default need to name none: automata up . && automata add "Add a health check"
            """)

    @Argument(help: "A folder with a Git repository, or the URL of one, for the project local/default.")
    var repository: String?

    @Option(name: .long, help: "Replicas of services, for example coder=3,validator=2.")
    var replicas: String = ""

    @Option(name: .long, help: "A file of tasks, which is applied whenever it changes (default: that of TASKS_FILE).")
    var tasks: String?

    @Option(name: .long, help: "The folder of the automata-* executables (default: where this tool lies).")
    var programs: String?

    @Flag(name: .long, help: "Let programs of this host that are no browsers read and add tasks without a token.")
    var open = false

    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let tool = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            let project = try repository.map { try DefaultProject($0) }
            let tasks = try tasksFile(ProcessInfo.processInfo.environment)
            let stack = Stack(
                paths: .current, programs: programs ?? tool.deletingLastPathComponent().path, tool: tool.path)
            let state = try await stack.start(
                replicas: try Self.parse(replicas), isOpen: open, project: project, tasks: tasks)
            let (_, store) = try RecordAccess.open(
                SettingsSource(values: [Setting.databaseURL.name: state.databaseURL]))
            let gateway = StackGateway(url: state.gatewayURL ?? "")
            let invitation = try await gateway.invitation(store)
            if json {
                // For the program that starts it, which has to log in.
                try Output.json([
                    "nats_url": .string(state.natsURL),
                    "nats_inbox_prefix": .string(BusUser.operator.inboxPrefix),
                    "database_url": .string(state.databaseURL),
                    "gateway_url": .string(gateway.url), "login_url": .string(invitation),
                    "settings": .string(stack.paths.clientSettings),
                    "processes": .array(
                        state.processes.map { ["name": .string($0.name), "pid": .int(Int($0.pid))] }),
                ])
            } else {
                Output.line("nats-server  \(Self.withoutPassword(state.natsURL))")
                Output.line("Postgres     \(Self.withoutPassword(state.databaseURL))")
                Output.line("logins       \(stack.paths.clientSettings) (this tool reads it by itself)")
                Output.line("dashboard    \(invitation) (for a browser; works once, within ten minutes)")
                if let project { Output.line("project      local/default works on \(project.remote)") }
                if let tasks { Output.line("tasks        \(tasks) is applied whenever it changes") }
                if stack.paths.shared != stack.paths.root {
                    Output.line("shared       \(stack.paths.shared) (other accounts cannot enter \(stack.paths.root))")
                }
                Output.line("\(state.services.count) services run; logs are in \(stack.paths.logs)")
            }
        }
    }

    /// The path of the file of tasks from anywhere. One that is broken is told before anything starts.
    private func tasksFile(_ environment: [String: String]) throws -> String? {
        let given = environment[Setting.tasksFile.name].flatMap { $0.isEmpty ? nil : $0 }
        guard let file = tasks ?? given else { return nil }
        _ = try InputFile.tasks(file, of: DefaultProject.address)
        return URL(fileURLWithPath: file).standardizedFileURL.path
    }

    /// `scheme://user@host` for `scheme://user:password@host`.
    static func withoutPassword(_ url: String) -> String { url.replacing(#/:[^:/@]*@/#, with: "@") }

    /// `coder=3,validator=2` as a table. Throws for a service that there is not.
    static func parse(_ text: String) throws -> [ServiceKind: Int] {
        var replicas: [ServiceKind: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=")
            guard pair.count == 2, let service = ServiceKind(rawValue: String(pair[0])), let count = Int(pair[1]),
                (1...64).contains(count)
            else {
                let names = ServiceKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--replicas: expected SERVICE=1…64, with one of \(names)")
            }
            replicas[service] = count
        }
        return replicas
    }
}
