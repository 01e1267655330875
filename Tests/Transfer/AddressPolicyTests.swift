import Foundation
import Foundations
import Synchronization
import TestSupport
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(1))) struct AddressPolicyTests {
    let client = HTTPClient()

    @Test(arguments: [
        "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:7f00:1]",
    ])
    func `a forbidden address is never connected to`(_ host: String) async throws {
        let server = try RawServer { _ in }
        let loopback = try #require(IPAddress("127.0.0.0"))
        let error = await #expect(throws: TransferError.self) {
            try await client.send(
                HTTPRequest(url: "http://\(host):\(server.port)") {
                    !$0.isWithin(loopback, bits: 8) && $0.description != "::1"
                })
        }
        #expect(error?.code == .forbiddenAddress)
        #expect(error?.isRetriable == false)
        #expect(server.connectionCount == 0)
    }

    @Test func `the policy sees the address and an allowed one is used`() async throws {
        let stub = try await HTTPStub()
        let seen = Mutex<Set<String>>([])
        let response = try await client.send(
            HTTPRequest(url: "http://[::ffff:127.0.0.1]:\(stub.port)") { address in
                seen.withLock { _ = $0.insert(address.description) }
                return true
            })
        #expect(response.status == 200)
        #expect(seen.withLock { $0 } == ["127.0.0.1"])
    }

    @Test func `a connection that another request opened is judged again`() async throws {
        let stub = try await HTTPStub()
        #expect(try await client.send(HTTPRequest(url: stub.url)).status == 200)
        let error = await #expect(throws: TransferError.self) {
            try await client.send(HTTPRequest(url: stub.url) { _ in false })
        }
        #expect(error?.code == .forbiddenAddress)
        #expect(stub.requests.count == 1)
    }

    @Test func `a redirect is judged too`() async throws {
        let target = try RawServer { _ in }
        let stub = try await HTTPStub { _ in .redirect(to: "http://127.0.0.2:\(target.port)/") }
        let error = await #expect(throws: TransferError.self) {
            try await client.send(
                HTTPRequest(url: stub.url, followRedirects: true) { $0.description == "127.0.0.1" })
        }
        #expect(error?.code == .forbiddenAddress)
        #expect(target.connectionCount == 0)
    }

    @Test(arguments: ["127.0.0.1", "::1", "fe80::1", "2001:db8::1", "255.255.255.255", "::"])
    func `an address prints as it was read`(_ text: String) throws {
        #expect(IPAddress(text)?.description == text)
    }

    @Test(arguments: ["", "localhost", "127.1", "1.2.3.4.5", "[::1]", "::1%lo", "1.2.3.4\0"])
    func `other text is no address`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `an address lies within a network by its leading bits`() throws {
        func within(_ address: String, _ network: String, _ bits: Int) throws -> Bool {
            try #require(IPAddress(address)).isWithin(try #require(IPAddress(network)), bits: bits)
        }
        #expect(try within("172.31.255.255", "172.16.0.0", 12))
        #expect(try !within("172.32.0.0", "172.16.0.0", 12))
        #expect(try within("fdff::1", "fc00::", 7))
        #expect(try within("1.2.3.4", "0.0.0.0", 0))
        #expect(try within("1.2.3.4", "1.2.3.4", 32))
        #expect(try !within("1.2.3.4", "1.2.3.5", 32))
        #expect(try !within("::ffff:1.2.3.4", "1.2.3.4", 32))
        #expect(IPAddress("::ffff:1.2.3.4")?.unmapped == IPAddress("1.2.3.4"))
    }
}
