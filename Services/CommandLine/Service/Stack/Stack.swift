import Contracts
import Foundation
import Foundations
import LocalServers
import ServiceKit
import TaskStore
import Transfer

/// A private platform on this host: nats-server, Postgres, and every service as a process of its own.
struct Stack: Sendable {
    /// Who logs in to its servers.
    private static let logins =
        BusUser.ofPlatform.map(\.login) + [LocalPostgres.owner] + DatabaseRole.services.map(\.name)

    let paths: StackPaths
    /// The folder of the service executables.
    let programs: String
    /// This tool, which is their supervisor too.
    var tool = ""

    private var launcher: Launcher { Launcher(paths: paths) }

    /// Starts everything that is not running.
    ///
    /// - Parameters:
    ///   - replicas: How many of a service, one where it says nothing.
    ///   - isOpen: Whether programs of this host need no token to read and to add tasks.
    ///   - project: Is defined once there is somebody who takes it.
    ///   - tasks: The path of a file of tasks, which one of the gateways applies.
    func start(
        replicas: [ServiceKind: Int], isOpen: Bool = false, project: DefaultProject? = nil, tasks: String? = nil
    ) async throws -> StackState {
        if let state = try StackState.load(paths), state.processes.contains(where: ProcessTable.isAlive) {
            throw Failure("a stack is running in \(paths.root); `automata down` ends it", Exit.refused)
        }
        try paths.create()
        try? FileManager.default.removeItem(atPath: paths.tasks)
        var state = StackState(natsURL: "", databaseURL: "", processes: [])
        do {
            let passwords = try StackPasswords.loadOrCreate(paths, logins: Self.logins)
            let nats = LocalNATS(launcher: launcher, passwords: passwords)
            let (server, bus) = try await nats.start(try StackEnvironment().subjects())
            state.processes.append(server)
            state.natsURL = try bus.url(of: .operator)
            try state.save(paths)
            let postgres = LocalPostgres(launcher: launcher, passwords: passwords)
            let (process, port) = try await postgres.start()
            state.processes.append(process)
            state.databaseURL = postgres.url(LocalPostgres.owner, port: port)
            try state.save(paths)
            let services = try startSupervisor(replicas, isOpen, hasTasks: tasks != nil, &state) { service in
                try bus.login(.service(service)).merging([
                    Setting.databaseURL.name: postgres.url(service.databaseRole, port: port)
                ]) { $1 }
            }
            try await waitUntilReady(services)
            state = try state.withServices(paths)
            let login = try bus.login(.operator).merging(try StackEnvironment().clientSettings()) { $1 }
            try await project?.define(by: .connect(SettingsSource(values: login)))
            try writeClientSettings(state, login)
            if let tasks { try FileManager.default.createSymbolicLink(atPath: paths.tasks, withDestinationPath: tasks) }
        } catch {
            await stop((try? state.withServices(paths)) ?? state)
            throw error
        }
        return state
    }

    private static let supervisor = "supervisor"

    /// Ends the supervisor, which ends the services, then what is left of them, then the servers.
    func stop(_ state: StackState) async {
        let isSupervisor: (StackProcess) -> Bool = { $0.name == Self.supervisor }
        await ProcessTable.end(state.processes.filter(isSupervisor), within: .seconds(15))
        // One that it started just before it was told to end is known by now.
        let services = ((try? state.withServices(paths)) ?? state).services
        await ProcessTable.end(services, within: .seconds(12))
        let servers = state.processes.filter { !isSupervisor($0) && $0.healthPort == nil }
        await ProcessTable.end(servers, within: .seconds(10))
        for file in [paths.state, paths.clientSettings, paths.supervised, paths.tasks] {
            try? FileManager.default.removeItem(atPath: file)
        }
    }

    /// Has the services started by who keeps them running. Each logs in to the bus and to the database by its own name.
    private func startSupervisor(
        _ replicas: [ServiceKind: Int], _ isOpen: Bool, hasTasks: Bool, _ state: inout StackState,
        _ logins: (ServiceKind) throws -> [String: String]
    ) throws -> [SupervisedService] {
        let keys = try StackKeys.loadOrCreate(paths)
        var services: [SupervisedService] = []
        for service in ServiceKind.allCases {
            for replica in 1...max(1, replicas[service] ?? 1) {
                let name = "\(service.rawValue)-\(replica)"
                let port = try LoopbackPort.free()
                var environment = try environment(of: service, keys).merging(try logins(service)) { $1 }
                if service.settings.contains(.home) {
                    environment[Setting.home.name] = paths.home(name)
                    try paths.createHome(name)
                }
                environment[Setting.healthPort.name] = "\(port)"
                if service.settings.contains(.gatewayAddress) {
                    let given = environment[Setting.gatewayAddress.name]
                    let address = try StackGateway.address(replica: replica, given: given)
                    environment[Setting.gatewayAddress.name] = address
                    if isOpen { environment[Setting.gatewayOpen.name] = "true" }
                    if hasTasks, replica == 1 { environment[Setting.tasksFile.name] = paths.tasks }
                    state.gatewayURL = state.gatewayURL ?? StackGateway(address: address).url
                }
                environment[Setting.replicaName.name] = name
                services.append(
                    SupervisedService(
                        name: name, program: "\(programs)/\(service.executable)", environment: environment,
                        healthPort: port))
            }
        }
        try SupervisedProcess.save([:], paths)
        state.processes.append(
            try launcher.start(
                Self.supervisor, tool, ["supervise"], environment: ["AUTOMATA_STACK": paths.root],
                input: try JSONEncoder().encode(services)))
        try state.save(paths)
        return services
    }

    /// The tool's own settings as far as the service needs them, and the service's keys.
    private func environment(of service: ServiceKind, _ keys: StackKeys) throws -> [String: String] {
        try StackEnvironment().variables(of: service).merging(try keys.environment(of: service)) { own, _ in own }
    }

    private func waitUntilReady(_ services: [SupervisedService]) async throws {
        let client = HTTPClient()
        for service in services {
            try await Readiness(paths: paths).wait(for: service, client)
        }
    }

    private func writeClientSettings(_ state: StackState, _ busLogin: [String: String]) throws {
        let settings = busLogin.merging([Setting.databaseURL.name: state.databaseURL]) { $1 }
        let lines = settings.map { "\($0)=\($1)" }.sorted()
        try PrivateFile.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: paths.clientSettings)
    }

    static func find(_ program: String, in folders: [String]) -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (path + folders).map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
