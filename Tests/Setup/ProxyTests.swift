import Foundation
import Foundations
import TestSupport
import Testing

@testable import Setup

/// The way out, through the socket, and through the port that forwards to it.
@Suite(.timeLimit(.minutes(1)))
struct ProxyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("proxy") }

    private func proxy(
        _ allowed: [String], wanted: [String] = [], addresses: AddressPolicy = AddressPolicy(allowsPrivate: true),
        limits: ProxyLimits = ProxyLimits()
    ) throws -> AllowListProxy {
        let hosts = FetchList(
            allowed: allowed.compactMap { HostPattern($0) }, wanted: wanted.compactMap { HostPattern($0) })
        return try AllowListProxy(
            at: folder.path("s-\(UUID().uuidString.prefix(4))"), hosts: hosts, addresses: addresses, limits: limits)
    }

    /// What curl fetches through the forwarder, as commands in the sandbox do; `nil` where it fails.
    private func fetch(_ url: String, _ proxy: AllowListProxy, tunnel: Bool = false) async throws -> String? {
        let output = folder.path("out-\(UUID().uuidString)")
        let script = """
            curl --noproxy '' --silent --show-error --fail-with-body --max-time 20 \(tunnel ? "--proxytunnel" : "") \
            --proxy "http://127.0.0.1:$(cat \(output).port)" --output \(output) '\(url)'
            """
        let code = try await BlockingExecutor(label: "test").run {
            try Forwarder.run(["/bin/sh", "-c", script], socket: proxy.path, port: 0) { port in
                try? Data("\(port)".utf8).write(to: URL(fileURLWithPath: "\(output).port"))
            }
        }
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        return code == 0 ? text : nil
    }

    @Test(arguments: [false, true])
    func `what is allowed is fetched, as a document and through a tunnel`(tunnel: Bool) async throws {
        let body = String(repeating: "package ", count: 200_000)
        let server = try await HTTPStub { _ in .text(body) }
        let proxy = try proxy(["127.0.0.1:\(server.port)"])
        #expect(try await fetch("\(server.url)/simple?x=1", proxy, tunnel: tunnel) == body)
        #expect(server.requests.elements.map(\.target) == ["/simple?x=1"])
        #expect(server.requests.elements.first?.headers["proxy-connection"] == nil || tunnel)
        #expect(proxy.notes.isEmpty)
    }

    @Test(arguments: [false, true])
    func `what is not allowed is refused by name, and nothing is sent to it`(tunnel: Bool) async throws {
        let server = try await HTTPStub()
        let place = "127.0.0.1:\(server.port)"
        let other = try proxy(["pypi.org", "*.example.com"])
        #expect(try await fetch(server.url, other, tunnel: tunnel) == nil)
        #expect(other.notes == ["\(place) is not in SETUP_HOSTS"])
        let unwanted = try proxy([place], wanted: ["a.example"])
        #expect(try await fetch(server.url, unwanted, tunnel: tunnel) == nil)
        #expect(unwanted.notes == ["\(place) is not in validation.fetch"])
        let closed = try proxy([place], addresses: AddressPolicy())
        #expect(try await fetch(server.url, closed, tunnel: tunnel) == nil)
        #expect(closed.notes.first?.contains("127.0.0.1 is at an address that is not public") == true)
        #expect(server.requests.elements.isEmpty)
    }

    @Test func `a name is judged by where it is`() async throws {
        let server = try await HTTPStub()
        let proxy = try proxy(["localhost:\(server.port)"], addresses: AddressPolicy())
        #expect(try await fetch("http://localhost:\(server.port)/", proxy) == nil)
        #expect(proxy.notes.first?.hasPrefix("localhost is at an address that is not public") == true)
    }

    @Test func `what does not answer, and what is too much, is told`() async throws {
        let port = try FreePort.next()
        let dead = try proxy(["127.0.0.1:\(port)"])
        #expect(try await fetch("http://127.0.0.1:\(port)/", dead) == nil)
        #expect(dead.notes == ["127.0.0.1 does not answer"])
        let server = try await HTTPStub { _ in .text(String(repeating: "x", count: 3 << 20)) }
        let small = try proxy(["127.0.0.1:\(server.port)"], limits: ProxyLimits(bytes: 1 << 20))
        #expect(try await fetch(server.url, small) == nil)
        #expect(small.notes == ["more than 1 MiB were fetched"])
        #expect(try await fetch(server.url, small) == nil)
    }

    @Test func `many connections at a time are served`() async throws {
        let server = try await HTTPStub { .text($0.target) }
        let proxy = try proxy(["127.0.0.1:\(server.port)"])
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask { try await fetch("\(server.url)/\(number)", proxy) == "/\(number)" }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test func `nothing is served any more when it is stopped`() async throws {
        let server = try await HTTPStub { _ in .stall(after: ["begin"]) }
        let proxy = try proxy(["127.0.0.1:\(server.port)"])
        async let fetched = fetch(server.url, proxy)
        try await server.waitFor(1)
        proxy.stop()
        #expect(try await fetched == nil)
        #expect(try await fetch(server.url, proxy) == nil)
    }

    @Test func `the command ends as it would without the port`() throws {
        let proxy = try proxy([])
        func run(_ script: String) throws -> Int32 {
            try Forwarder.run(["/bin/sh", "-c", script], socket: proxy.path, port: 0)
        }
        #expect(try run("exit 0") == 0)
        #expect(try run("exit 7") == 7)
        #expect(try run("kill -9 $$") == 137)
        #expect(throws: SocketFailure.self) { try Forwarder.run(["/no/such"], socket: proxy.path, port: 0) }
    }

    @Test func `a path that is too long for a socket is told`() {
        #expect(throws: SocketFailure.self) { try Sockets.listen(at: "/tmp/\(String(repeating: "a", count: 200))") }
    }
}
