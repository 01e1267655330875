import Foundation
import TestSupport
import Testing

/// Which module knows which: what a service does not link, nothing can make it do.
@Suite(.enabled(if: Checkout.files != nil, "needs a Git checkout and the git program"))
struct BoundaryTests {
    private static let models: Set = ["LanguageModels", "Agent", "AgentRuns"]
    private static let commands: Set = ["Sandbox", "CommandRuns"]

    /// What services of the name do without.
    private static let absent: [(service: String, modules: Set<String>)] = [
        ("coder", ["RemoteAccess", "FrontDesk"]),
        ("validator", models.union(["RemoteAccess", "FrontDesk", "Transfer"])),
        ("pusher", models.union(commands).union(["FrontDesk", "Transfer"])),
        ("notifier", models.union(commands).union(["RemoteAccess", "Worker", "Git"])),
        ("webhook-bridge", models.union(commands).union(["RemoteAccess", "Worker", "Git"])),
        ("gateway", models.union(commands).union(["RemoteAccess", "Worker", "Git", "FrontDesk", "Transfer"])),
    ]

    /// What services of the name are there for: a look for it tells whether a look for what is absent would find it.
    private static let present: [(service: String, modules: Set<String>)] = [
        ("planner", models.union(commands).union(["RemoteAccess", "FrontDesk", "Worker"])),
        ("coder", models.union(commands)), ("validator", commands), ("pusher", ["RemoteAccess", "Worker"]),
        ("notifier", ["Transfer"]), ("webhook-bridge", ["Webhooks"]),
        ("gateway", ["Compression"]),
    ]

    @Test func `the worker knows neither Git nor agents nor commands`() throws {
        let closure = try Manifest().closure(["Worker"])
        #expect(closure.contains("TaskStore"))
        let others = Self.models.union(Self.commands).union(["Git", "Workspaces", "RemoteAccess", "Transfer", "Setup"])
        #expect(closure.intersection(others) == [])
    }

    @Test func `no model, command or client of the bus reaches the opener of credentials`() throws {
        let manifest = try Manifest()
        for module in ["Workspaces", "CommandRuns", "AgentRuns", "FrontDesk"] {
            #expect(!manifest.closure([module]).contains("RemoteAccess"), "\(module)")
        }
    }

    @Test(arguments: absent)
    func `a service declares nothing that it has to do without`(_ service: String, _ modules: Set<String>) throws {
        let closure = try #require(try Manifest().closure(of: service))
        #expect(closure.intersection(modules) == [])
    }

    @Test(arguments: present)
    func `a service declares what it is there for`(_ service: String, _ modules: Set<String>) throws {
        let closure = try #require(try Manifest().closure(of: service))
        #expect(modules.subtracting(closure) == [])
    }

    @Test func `a module of Shared declares exactly the modules that it imports`() throws {
        let manifest = try Manifest()
        #expect(manifest.modules.count > 20)
        for (module, declared) in manifest.modules {
            let imported = try imports(below: "Shared/\(module)/", manifest)
            #expect(imported.symmetricDifference(declared) == [], "\(module)")
        }
    }

    @Test func `a service declares the modules that it imports, and no more than every service does`() throws {
        let manifest = try Manifest()
        #expect(manifest.services.count >= 6)
        for service in manifest.services {
            let imported = try imports(below: "Services/\(service.folder)/", manifest)
            #expect(imported.subtracting(manifest.platform).symmetricDifference(service.own) == [], "\(service.folder)")
        }
    }

    private func known(_ manifest: Manifest) -> Set<String> {
        Set(manifest.modules.keys).union(["CNATS", "CPostgres", "CCURL", "CGit2", "CZlib"])
    }

    private func imports(below folder: String, _ manifest: Manifest) throws -> Set<String> {
        Set(try Checkout.swiftFiles(folder).flatMap { try Checkout.imports($0) }).intersection(known(manifest))
    }

    private static let areBuilt = present.allSatisfy { (try? Executables.path("automata-\($0.service)")) != nil }

    @Test(.enabled(if: areBuilt, "the executables are not built"), arguments: absent)
    func `an executable holds no symbol of what its service does without`(
        _ service: String, _ modules: Set<String>
    ) throws {
        #expect(try symbols(of: modules, in: service) == [])
    }

    @Test(.enabled(if: areBuilt, "the executables are not built"), arguments: present)
    func `an executable holds symbols of what its service is there for`(
        _ service: String, _ modules: Set<String>
    ) throws {
        #expect(try symbols(of: modules, in: service) == modules)
    }

    /// The modules that an executable holds symbols of: mangled, they begin with the module's name and its length.
    private func symbols(of modules: Set<String>, in service: String) throws -> Set<String> {
        let program = try Data(
            contentsOf: URL(fileURLWithPath: Executables.path("automata-\(service)")), options: .alwaysMapped)
        return modules.filter { program.range(of: Data("$s\($0.utf8.count)\($0)".utf8)) != nil }
    }
}
