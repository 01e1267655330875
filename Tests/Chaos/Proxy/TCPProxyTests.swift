import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct TCPProxyTests {
    private func get(_ port: Int, within seconds: String) async -> String? {
        let url = "http://127.0.0.1:\(port)/"
        return try? await Program.run(["curl", "-sS", "--max-time", seconds, url])
    }

    private func proxied() async throws -> (HTTPStub, TCPProxy) {
        let stub = try await HTTPStub { _ in .text(String(repeating: "x", count: 100)) }
        let port = try #require(URL(string: stub.url)?.port)
        return (stub, try await TCPProxy(to: port))
    }

    @Test func `it passes on, and late when it is told to delay`() async throws {
        let (stub, proxy) = try await proxied()
        #expect(await get(proxy.port, within: "5")?.count == 100)
        proxy.set(.delay(.milliseconds(300)))
        let start = ContinuousClock.now
        #expect(await get(proxy.port, within: "5")?.count == 100)
        #expect(ContinuousClock.now - start >= .milliseconds(600))
        withExtendedLifetime(stub) {}
    }

    @Test func `it refuses, cuts and stalls, and passes on again`() async throws {
        let (stub, proxy) = try await proxied()
        for mode in [TCPProxy.Mode.refuse, .cut, .stall] {
            proxy.set(mode)
            #expect(await get(proxy.port, within: "0.5") == nil)
            proxy.set(.pass)
            #expect(await get(proxy.port, within: "5")?.count == 100)
        }
        withExtendedLifetime(stub) {}
    }
}
