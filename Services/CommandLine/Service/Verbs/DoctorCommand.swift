import AgentRuns
import ArgumentParser
import CommandRuns
import Contracts
import Database
import Foundation
import Foundations
import LanguageModels
import Sandbox
import ServiceKit
import TaskStore
import Transfer

/// `automata doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks what the platform needs on this host and says how to mend it.")

    @OptionGroup var options: ClientOptions
    @Flag(name: .long, help: "Ask the model for a word: this may cost a little.") var call = false
    @Flag(name: .long, help: "Print JSON.") var json = false

    private struct Finding {
        let name: String
        let isGood: Bool
        let text: String
    }

    func run() async throws {
        try await reporting {
            let source = try await options.source()
            var findings = [
                await check("git") { try Launcher.run("git", ["--version"]).trimmingCharacters(in: .newlines) },
                await check("ripgrep") {
                    // Without it `search_files` cannot search.
                    String(try Launcher.run("rg", ["--version"]).prefix { !$0.isNewline })
                },
                await check("sandbox") {
                    let sandbox = try await SandboxSettings.detect(source)
                    return "level \(sandbox.level.rawValue): \(sandbox.summary)"
                },
                await check("tools") { try tools(source) },
                await check("database") { try await database(source) },
                await check("bus") {
                    _ = try await PlatformClient.connect(source)
                    return "nats-server answers"
                },
                await check("model") { try await model(source) },
            ]
            if call { findings.append(await check("model call") { try await callModel(source) }) }
            try report(findings)
            guard findings.allSatisfy(\.isGood) else { throw Exit.settings }
        }
    }

    private func check(_ name: String, _ body: () async throws -> String) async -> Finding {
        do {
            return Finding(name: name, isGood: true, text: try await body())
        } catch let failure as Failure {
            return Finding(name: name, isGood: false, text: failure.message)
        } catch {
            return Finding(name: name, isGood: false, text: "\(error)")
        }
    }

    /// Tools that commands do not see are told, and no fault: nobody may want them.
    private func tools(_ source: SettingsSource) throws -> String {
        let survey = try SandboxSettings.tools(source)
        let shell = Shell.bash ?? "/bin/sh (bash is missing: commands in its syntax fail)"
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let hidden = survey.hidden.filter { $0 != own.path }
        let seen = (["/usr", "/opt"] + survey.seen).joined(separator: ", ")
        guard !hidden.isEmpty else { return "shell \(shell); commands see \(seen)" }
        let paths = (try source.list(.sandboxPaths) + hidden).joined(separator: ",")
        return "shell \(shell); commands see \(seen), and not \(hidden.joined(separator: ", ")): show them by "
            + "SANDBOX_PATHS=\(paths)"
    }

    private func database(_ source: SettingsSource) async throws -> String {
        let (pool, _) = try RecordAccess.open(source)
        do {
            try await pool.ping()
        } catch {
            throw Failure("Postgres cannot be reached (DATABASE_URL): \(error)", Exit.unreachable)
        }
        return "Postgres answers"
    }

    /// Asks each server whether it is there and takes the key, in the order in which models are asked; costs nothing.
    private func model(_ source: SettingsSource) async throws -> String {
        let client = HTTPClient()
        var (lines, isGood) = ([String](), true)
        for endpoint in try ModelAccess.modelSettings(source).resolve() {
            let place = "\(endpoint.model) at \(endpoint.address)\(endpoint.key == nil ? ", without a key" : "")"
            do {
                let isListed = try await endpoint.probe(client: client).offersModel
                lines.append(isListed == false ? "\(place), which does not list it" : place)
            } catch {
                lines.append("\(place): \(error.message)")
                isGood = false
            }
        }
        let text = lines.joined(separator: "; ")
        guard isGood else { throw Failure(text, Exit.unreachable) }
        return text
    }

    private func callModel(_ source: SettingsSource) async throws -> String {
        let model = try ModelAccess.modelSettings(source).makeModel(client: HTTPClient())
        let reply = try await model.complete(
            ChatRequest(messages: [.user("Answer with the single word: ready")], maxTokens: 16))
        return "\(reply.model) answered"
    }

    private func report(_ findings: [Finding]) throws {
        guard !json else {
            return try Output.json(
                .array(findings.map { ["check": .string($0.name), "ok": .bool($0.isGood), "text": .string($0.text)] }))
        }
        for finding in findings {
            let name = finding.name.padding(toLength: 12, withPad: " ", startingAt: 0)
            Output.line("\(finding.isGood ? "ok  " : "FAIL") \(name)\(finding.text)")
        }
    }
}
