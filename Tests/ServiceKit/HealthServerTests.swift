import Foundation
import Foundations
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct HealthServerTests {
    private struct Check: HealthCheck {
        let name: String
        let body: @Sendable () async throws -> Void

        func check() async throws { try await body() }
    }

    private struct Broken: Error {}

    private func ask(_ path: String, checks: [any HealthCheck]) async throws -> String {
        let port = Promise<UInt16>()
        let logger = Logger(label: "tests") { _ in PortReader(port: port) }
        let registry = MetricsRegistry()
        registry.count(.submissions, "accepted")
        let server = HealthServer(port: 0, checks: checks, metrics: registry, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let client = try await RawClient.connect(to: port.value())
            client.send("GET \(path) HTTP/1.1\r\n\r\n")
            defer { group.cancelAll() }
            return try await client.reply()
        }
    }

    @Test func `a service whose parts work is ready`() async throws {
        #expect(try await ask("/readyz", checks: [Check(name: "bus") {}]).hasSuffix("\r\n\r\nready\n"))
    }

    @Test func `a service says which of its parts do not work`() async throws {
        let checks = [
            Check(name: "bus") { throw Broken() }, Check(name: "other") {}, Check(name: "database") { throw Broken() },
        ]
        let reply = try await ask("/readyz", checks: checks)
        #expect(reply.hasPrefix("HTTP/1.1 503 ") && reply.hasSuffix("\r\n\r\nnot ready: bus, database\n"))
        #expect(try await ask("/healthz", checks: checks).hasSuffix("\r\n\r\nok\n"))
    }

    @Test func `a check that never answers is a part that does not work`() async throws {
        let never = Check(name: "database") { try await Promise<Void>().value() }
        #expect(try await ask("/readyz", checks: [never]).hasSuffix("\r\n\r\nnot ready: database\n"))
    }

    @Test func `a service is ready once everything that it announced is open`() async throws {
        let openings = Openings()
        for part in ["submit", "status"] { openings.expect(part) }
        openings.opened("submit")
        #expect(try await ask("/readyz", checks: [openings]).hasSuffix("\r\n\r\nnot ready: start\n"))
        openings.opened("status")
        #expect(try await ask("/readyz", checks: [openings]).hasSuffix("\r\n\r\nready\n"))
    }

    @Test func `the metrics are text of Prometheus`() async throws {
        let reply = try await ask("/metrics", checks: [])
        #expect(reply.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        let body = try #require(reply.components(separatedBy: "\r\n\r\n").last)
        #expect(try Exposition(body).total("automata_submissions_total", #"result="accepted""#) == 1)
    }
}

/// Takes the port from the line that says it.
private struct PortReader: LogHandler {
    let port: Promise<UInt16>
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    init(port: Promise<UInt16>) { self.port = port }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard event.message == "health endpoints are up", let text = event.metadata?["port"] else { return }
        if let number = UInt16("\(text)") { port.succeed(number) }
    }
}
