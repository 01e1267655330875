import Contracts
import Foundation
import Foundations

/// A random generator that gives the same numbers for the same seed (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension SeededGenerator {
    mutating func chance() -> Bool { Bool.random(using: &self) }

    mutating func optional<T>(_ make: (inout SeededGenerator) -> T) -> T? { chance() ? make(&self) : nil }

    mutating func list<T>(_ make: (inout SeededGenerator) -> T) -> [T] {
        (0..<Int.random(in: 0...4, using: &self)).map { _ in make(&self) }
    }

    mutating func element<T>(of list: [T]) -> T { list[Int.random(in: list.indices, using: &self)] }

    /// A text of 1 to 24 scalars of every kind but NUL.
    mutating func text() -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x01...0x1F, 0x7F...0x2FF, 0x2000...0x2FFF, 0x1F300...0x1FAFF,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 1...24, using: &self) {
            let range = element(of: ranges)
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { text.append(scalar) }
        }
        return String(text)
    }

    /// A text of the shape of an id.
    mutating func identifier() -> String {
        let letters = Array("ABCXYZabcxyz0189_-")
        return String((0..<Int.random(in: 1...64, using: &self)).map { _ in element(of: letters) })
    }

    mutating func money() -> Double { Double(Int.random(in: 0...100_000, using: &self)) / 1000 }

    /// Any JSON value, at most `depth` levels deep.
    mutating func json(depth: Int = 3) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &self) {
        case 0: .null
        case 1: .bool(chance())
        case 2: .int(Int.random(in: Int.min...Int.max, using: &self))
        case 3: .double(Double.random(in: -1e6...1e6, using: &self))
        case 4: .string(text())
        case 5: .array(list { $0.json(depth: depth - 1) })
        default: .object(object(depth: depth - 1))
        }
    }

    mutating func object(depth: Int = 3) -> [String: JSONValue] {
        Dictionary(list { ($0.text(), $0.json(depth: depth)) }) { $1 }
    }

    mutating func credentials() -> Credentials {
        switch Int.random(in: 0...5, using: &self) {
        case 0: .none
        case 1: .usernamePassword(username: text(), password: Secret(text()))
        case 2: .accessToken(Secret(text()), username: optional { $0.text() })
        case 3: .privateKey(Secret(text()), passphrase: optional { Secret($0.text()) })
        case 4: .privateKeyPath(text(), passphrase: optional { Secret($0.text()) })
        default: .sealed(text())
        }
    }

    mutating func address() -> TaskAddress {
        TaskAddress(
            company: CompanyID(validated: identifier()), project: ProjectID(validated: identifier()),
            task: TaskID(validated: identifier()))
    }

    mutating func request() -> TaskRequest {
        TaskRequest(
            task: TaskSettings(
                address: address(), title: text(), description: chance() ? text() : "",
                requirements: list { $0.text() },
                tags: list { $0.text() }, context: object(), priority: Int.random(in: 1...10, using: &self),
                dependencies: list { TaskID(validated: $0.identifier()) }, contextFiles: list { $0.text() },
                hints: text()),
            repository: RepositorySettings(
                remoteURL: "https://host/\(identifier())", branch: optional { $0.text() }, credentials: credentials()),
            agent: AgentSettings(
                model: optional { $0.identifier() }, plannerModel: optional { $0.identifier() },
                instructions: optional { $0.text() }, mode: chance() ? .single : .team,
                maxCostUSD: optional { $0.money() }, maxIterations: optional { Int.random(in: 1...10_000, using: &$0) },
                allowedTools: optional { $0.list { $0.text() } }, scopePaths: optional { $0.list { $0.text() } },
                sessionID: optional { $0.identifier() }),
            validation: ValidationSettings(
                commands: list { $0.text() }, timeoutSeconds: Int.random(in: 1...86_400, using: &self),
                maxRepairRounds: Int.random(in: 0...20, using: &self)),
            delivery: DeliverySettings(
                push: chance(), commitMessage: optional { $0.text() },
                author: optional { CommitIdentity("\($0.identifier()) <\($0.identifier())@host>") } ?? nil,
                branchName: optional { $0.text() },
                approval: element(of: DeliverySettings.Approval.allCases),
                webhookURL: optional { "http://host/\($0.identifier())" }),
            timeoutSeconds: optional { Int.random(in: 1...2_592_000, using: &$0) })
    }

    /// A result with texts of up to `length` scalars and lists of up to 4 entries.
    mutating func result(repeating times: Int = 1) -> WorkflowResult {
        func many(_ text: String) -> String { String(repeating: text, count: times) }
        return WorkflowResult(
            status: element(of: TerminalStatus.allCases), workflowID: UUID.v7().text, address: address(),
            branchName: optional { $0.identifier() }, baseCommit: optional { _ in Sample.base },
            commitHash: optional { _ in Sample.commit },
            implementationPlan: optional {
                ImplementationPlan(
                    goal: many($0.text()), steps: $0.list { many($0.text()) },
                    filesToCreate: $0.list { many($0.text()) },
                    filesToModify: $0.list { many($0.text()) }, validationCriteria: $0.list { many($0.text()) })
            },
            stepsCompleted: Int.random(in: 0...100, using: &self),
            validationResult: optional {
                ValidationResult(
                    success: $0.chance(), issues: $0.list { many($0.text()) }, suggestions: $0.list { many($0.text()) },
                    testsPassed: Int.random(in: 0...10_000, using: &$0), testsFailed: 1,
                    commands: $0.list {
                        .init(
                            command: many($0.text()), exitCode: Int.random(in: 0...255, using: &$0),
                            durationMilliseconds: 12, output: many($0.text()))
                    })
            },
            errorMessage: optional { many($0.text()) }, executionTimeHours: money(),
            artifacts: .init(llmCalls: 3, costUSD: money(), sandbox: optional { _ in "none" }))
    }
}
