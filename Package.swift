// swift-tools-version: 6.2
import PackageDescription

// MARK: One helper per kind of target

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A C library of the system: a module map and, where Swift cannot import something, a shim.
func systemLibrary(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Shared/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A module of `Shared`: one folder, one boundary.
func shared(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Shared/\(name)", resources: resources, swiftSettings: settings)
}

/// A service, in a folder of `Services`: its behaviour as a library (`Service`) and the executable that wires it
/// (`Command`).
struct ServiceTargets {
    let folder: String
    let module: String
    let executable: String
    let dependencies: [Target.Dependency]

    init(_ folder: String, module: String, executable: String, _ dependencies: [Target.Dependency]) {
        self.folder = folder
        self.module = module
        self.executable = executable
        self.dependencies = dependencies
    }

    var targets: [Target] {
        [
            .target(
                name: module, dependencies: platform + dependencies, path: "Services/\(folder)/Service",
                swiftSettings: settings),
            .executableTarget(
                name: executable, dependencies: [.target(name: module)] + platform + [argumentParser],
                path: "Services/\(folder)/Command", swiftSettings: settings),
        ]
    }
}

/// Tests of one module, in a folder of its name.
func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
        resources: resources, swiftSettings: settings)
}

// MARK: Packages

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks: Target.Dependency = .product(name: "FlyingSocks", package: "FlyingFox")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// What every service is built from.
let platform: [Target.Dependency] = ["ServiceKit", "Contracts", "Foundations", "TaskStore", lifecycle, logging]

/// What a service that works on a repository needs beyond that.
let worker: [Target.Dependency] = ["Worker", "Workspaces", "Git"]

/// What runs a task's commands.
let commands: [Target.Dependency] = ["CommandRuns", "Sandbox"]

/// What the gateway shows people.
let pages: Target.Dependency = "GatewayPages"

/// What asks models.
let agents: [Target.Dependency] = ["AgentRuns", "Agent", "LanguageModels"]

let dependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
]

// MARK: Targets, from the leaves up

let libraries: [Target] = [
    systemLibrary("CNATS", pkgConfig: "libnats", apt: "libnats-dev"),
    systemLibrary("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
    systemLibrary("CCURL", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    systemLibrary("CGit2", pkgConfig: "libgit2", apt: "libgit2-dev"),
    systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    shared("Foundations", [systemPackage, deque, heap]),
    shared("Contracts", ["Foundations"]),
    shared("Cryptography", ["Foundations", "Contracts", crypto]),
    shared("TaskFiles", ["Contracts", "Cryptography", "Foundations", yams]),
    shared("Messaging", ["Foundations", deque]),
    shared("JetStream", ["Messaging", "Foundations", "CNATS", deque, logging, lifecycle]),
    shared("Database", ["Foundations", "CPostgres", deque, logging, lifecycle]),
    shared("Flows", ["Contracts"]),
    shared("TaskStore", ["Database", "Flows", "Contracts", "Foundations", deque, heap]),
    shared("Compression", ["CZlib"]),
    shared("Transfer", ["Foundations", "CCURL"]),
    shared("Webhooks", ["Transfer", "Cryptography", "Contracts", "Foundations"]),
    shared("Git", ["Foundations", "CGit2", subprocess, systemPackage]),
    shared("LanguageModels", ["Transfer", "Foundations"]),
    shared("Sandbox", ["Foundations", subprocess, systemPackage]),
    shared("Agent", ["LanguageModels", "Sandbox", "Contracts", "Foundations", systemPackage]),
    shared("Setup", ["Foundations"]),
    shared("LocalServers"),
    shared(
        "ServiceKit",
        [
            "Messaging", "JetStream", "Database", "TaskStore", "Contracts", "Cryptography", "Foundations",
            argumentParser, configuration, deque, lifecycle, logging, systemPackage,
            unixSignals,
        ]),
    shared("Reports", ["TaskStore", "Contracts", "Foundations"]),
    shared("FrontDesk", ["Reports", "TaskStore", "Contracts", "Cryptography", "Git", "Foundations"]),
    shared(
        "Worker",
        ["ServiceKit", "Messaging", "Database", "TaskStore", "Contracts", "Foundations", lifecycle, logging]),
    shared(
        "Workspaces",
        [
            "Worker", "ServiceKit", "Messaging", "TaskStore", "Contracts", "Cryptography", "Foundations", "Git",
            "Setup",
            lifecycle, logging,
        ]),
    shared(
        "RemoteAccess",
        ["Worker", "ServiceKit", "TaskStore", "Contracts", "Cryptography", "Foundations", "Git"]),
    shared(
        "CommandRuns",
        [
            "Workspaces", "Worker", "ServiceKit", "TaskStore", "Contracts", "Cryptography", "Foundations", "Git",
            "Sandbox", "Setup", argumentParser, logging,
        ]),
    shared(
        "AgentRuns",
        [
            "Workspaces", "Worker", "ServiceKit", "TaskStore", "Contracts", "Foundations", "Git", "Transfer",
            "LanguageModels", "Agent", logging,
        ]),
]

let services = [
    ServiceTargets(
        "Planner", module: "PlannerService", executable: "automata-planner",
        worker + commands + agents + ["RemoteAccess", "FrontDesk", "Cryptography", "Database", "Messaging"]),
    ServiceTargets(
        "CoderWorker", module: "CoderService", executable: "automata-coder", worker + commands + agents),
    ServiceTargets(
        "Validator", module: "ValidatorService", executable: "automata-validator",
        worker + commands + ["Cryptography"]),
    ServiceTargets(
        "GitPusher", module: "PusherService", executable: "automata-pusher",
        worker + ["RemoteAccess", "Cryptography"]),
    ServiceTargets(
        "Notifier", module: "NotifierService", executable: "automata-notifier",
        ["Reports", "Messaging", "Transfer"]),
    ServiceTargets(
        "WebhookBridge", module: "WebhookBridgeService", executable: "automata-webhook-bridge",
        ["Webhooks", "Cryptography", "Messaging"]),
    ServiceTargets(
        "Gateway", module: "GatewayService", executable: "automata-gateway",
        [
            "Compression", "Cryptography", "Messaging", "TaskFiles", pages, deque, httpTypes, hummingbird,
            hummingbirdCore, nio,
        ]),
]

let tools: [Target] = [
    // Templates, style sheet and script are compiled in: nothing is looked for on disk.
    .target(
        name: "GatewayPages", dependencies: ["Foundations", mustache], path: "Services/Gateway/Pages",
        resources: [.embedInCode("Resources")], swiftSettings: settings),
    .target(
        name: "ScriptedModelServer", dependencies: ["Foundations", flyingFox, yams],
        path: "Services/ScriptedModel/Service", swiftSettings: settings),
    .executableTarget(
        name: "automata-scripted-model", dependencies: ["ScriptedModelServer", argumentParser],
        path: "Services/ScriptedModel/Command", swiftSettings: settings),
    .target(
        name: "CommandLineTool",
        dependencies: [
            "ServiceKit", "AgentRuns", "CommandRuns", "Webhooks", "Transfer", "LocalServers", "TaskFiles",
            argumentParser, flyingFox, flyingSocks, unixSignals,
        ],
        path: "Services/CommandLine/Service", swiftSettings: settings),
    .executableTarget(
        name: "automata", dependencies: ["CommandLineTool", argumentParser],
        path: "Services/CommandLine/Command", swiftSettings: settings),
]

let support: Target = .target(
    name: "TestSupport",
    dependencies: ["Foundations", "LocalServers", "ScriptedModelServer", subprocess, flyingFox], path: "Tests/Support",
    swiftSettings: settings)

let platformSupport: Target = .target(
    name: "PlatformSupport",
    dependencies: [
        "Contracts", "Cryptography", "Database", "Foundations", "JetStream", "Messaging", "ScriptedModelServer",
        "TestSupport", "Transfer", logging,
    ], path: "Tests/Platform", swiftSettings: settings)

/// Chromium, where it is installed, for tests of pages.
let browserSupport: Target = .target(
    name: "BrowserSupport", dependencies: ["Foundations", "TestSupport", subprocess], path: "Tests/Browser",
    swiftSettings: settings)

let serviceSupport: Target = .target(
    name: "ServiceSupport",
    dependencies: [
        "Worker", "ServiceKit", "TaskStore", "Database", "Flows", "Messaging", "Contracts", "Foundations",
        "TestSupport", logging,
    ], path: "Tests/ServiceSupport", swiftSettings: settings)

/// An executable, not tests: chaos kills it. No service coordinates yet.
let coordinator: Target = .executableTarget(
    name: "chaos-coordinator",
    dependencies: [
        "NotifierService", "Worker", "ServiceKit", "ServiceSupport", "TaskStore", "Contracts", argumentParser,
        lifecycle,
    ], path: "Tests/Chaos/Coordinator", swiftSettings: settings)

/// What tests of whole installations run, beside the test bundle.
let executables: [Target.Dependency] = services.map { .target(name: $0.executable) }

/// The behaviour of every service, for tests that need what it publishes of itself.
let serviceModules: [Target.Dependency] = ["ServiceKit"] + services.map { .target(name: $0.module) }

let testTargets: [Target] = [
    tests("Foundations", ["Foundations", "TestSupport"]),
    tests("Flows", ["Flows", "Contracts", "Foundations"]),
    tests("Contracts", ["Contracts", "Foundations", "TestSupport", yams], resources: [.copy("Golden")]),
    tests("Cryptography", ["Cryptography", "Contracts", "Foundations"]),
    tests("TaskFiles", ["TaskFiles", "Contracts", "Foundations"]),
    tests("Messaging", ["Messaging", "JetStream", "Foundations", "TestSupport", lifecycle, logging]),
    tests("Database", ["Database", "Foundations", "TestSupport"]),
    tests("TaskStore", ["TaskStore", "Database", "Flows", "Contracts", "Foundations", "TestSupport"]),
    tests("Compression", ["Compression", "TestSupport"]),
    tests("Transfer", ["Transfer", "Foundations", "TestSupport"]),
    tests("Webhooks", ["Webhooks", "Transfer", "Cryptography", "Contracts", "Foundations", "TestSupport"]),
    tests("Git", ["Git", "Foundations", "TestSupport"]),
    tests(
        "LanguageModels", ["LanguageModels", "Transfer", "ScriptedModelServer", "Foundations", "TestSupport"],
        resources: [.copy("Field")]),
    tests("Sandbox", ["Sandbox", "Foundations", "TestSupport"]),
    tests("Setup", ["Setup", "Foundations", "TestSupport"]),
    tests("Agent", ["Agent", "LanguageModels", "Sandbox", "Contracts", "Foundations", "TestSupport"]),
    tests(
        "ServiceKit",
        [
            "ServiceKit", "ServiceSupport", "Contracts", "Cryptography", "Database", "Foundations", "JetStream",
            "Messaging", "TaskStore", "TestSupport", lifecycle, logging,
        ]),
    tests(
        "Worker",
        [
            "Worker", "ServiceKit", "ServiceSupport", "Contracts", "Database", "Flows", "Foundations", "Messaging",
            "TaskStore", "TestSupport", lifecycle, logging,
        ]),
    tests(
        "Workspaces",
        [
            "Workspaces", "Worker", "ServiceKit", "Contracts", "Cryptography", "Foundations", "Git", "Messaging",
            "TaskStore", "TestSupport", logging,
        ]),
    tests(
        "RemoteAccess",
        ["RemoteAccess", "Worker", "Contracts", "Cryptography", "Foundations", "Git", "TestSupport"]),
    tests("CommandRuns", ["CommandRuns", "ServiceKit", "TestSupport"]),
    tests(
        "AgentRuns",
        [
            "AgentRuns", "Worker", "Workspaces", "ServiceKit", "ServiceSupport", "Agent", "Contracts", "Database",
            "Foundations", "Git", "LanguageModels", "Sandbox", "TaskStore", "TestSupport", logging,
        ]),
    tests(
        "FrontDesk",
        ["FrontDesk", "TaskStore", "Contracts", "Cryptography", "Database", "Foundations", "Git", "TestSupport"]),
    tests(
        "Gateway",
        [
            "GatewayService", "GatewayPages", "BrowserSupport", "Contracts", "Cryptography", "Database", "Foundations",
            "Messaging", "ServiceKit", "TaskFiles", "TaskStore", "TestSupport", lifecycle, logging, "automata-gateway",
        ]),
    tests("Reports", ["Reports", "TaskStore", "Contracts", "Foundations"], resources: [.copy("Golden")]),
    tests("Fixtures", ["TestSupport", "Foundations"]),
    tests("GatewayPages", ["GatewayPages", "BrowserSupport", "Foundations", "TestSupport"]),
    tests("ScriptedModel", ["ScriptedModelServer", "Foundations", "TestSupport", "automata-scripted-model"]),
    tests(
        "Services",
        [
            "CoderService", "NotifierService", "PlannerService", "PusherService", "ValidatorService",
            "WebhookBridgeService", "Agent", "AgentRuns", "Contracts", "Cryptography", "Foundations", "FrontDesk",
            "Git", "LanguageModels", "Messaging", "Sandbox", "ServiceKit", "TaskStore", "TestSupport", "Webhooks",
            "Worker", "Workspaces", logging,
        ],
        resources: [.copy("Outputs")]),
    tests(
        "EndToEnd",
        [
            "PlatformSupport", "BrowserSupport", "Contracts", "Cryptography", "Database", "Foundations", "JetStream",
            "Messaging", "ScriptedModelServer", "TaskStore", "TestSupport",
        ] + executables, exclude: ["Outside"], resources: [.copy("Field"), .copy("Providers")]),
    tests(
        "Chaos",
        [
            "PlatformSupport", "Contracts", "Cryptography", "Database", "Foundations", "JetStream", "Messaging",
            "ScriptedModelServer", "ServiceSupport", "TestSupport", "TaskStore", "Worker", "chaos-coordinator",
            flyingSocks, logging,
        ] + serviceModules + executables, exclude: ["Coordinator"]),
    tests(
        "CommandLine",
        [
            "CommandLineTool", "automata", "Contracts", "Cryptography", "Foundations", "JetStream", "Messaging",
            "TaskFiles", "TestSupport", argumentParser, logging,
        ]),
    tests("Repository", ["Contracts", "TaskStore", "TestSupport", yams]),
]

/// An executable, not tests: it is optimised as what it measures, and nothing else runs in its process.
let benchmarks: Target = .executableTarget(
    name: "benchmarks",
    dependencies: [
        "PlatformSupport", "Contracts", "Database", "Foundations", "Messaging", "ScriptedModelServer", "TaskStore",
        "TestSupport", argumentParser,
    ], path: "Tests/Benchmarks", swiftSettings: settings)

let package = Package(
    name: "automata",
    platforms: [.macOS(.v15)],
    dependencies: dependencies,
    targets: libraries + services.flatMap(\.targets) + tools
        + [support, platformSupport, browserSupport, serviceSupport, coordinator, benchmarks] + testTargets
)
