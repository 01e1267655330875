import Contracts
import ServiceKit
import Testing

@testable import GatewayService

@Suite struct GatewaySettingsTests {
    private func settings(_ values: [String: String]) throws -> GatewaySettings {
        try GatewaySettings(SettingsSource(values: values, of: .gateway))
    }

    @Test func `it listens on the loopback address, open to nobody, where nothing else is said`() throws {
        let settings = try settings([:])
        #expect(settings.host == "127.0.0.1" && settings.port == 5000)
        #expect(!settings.isOpen && settings.project == nil && settings.origins.isEmpty)
    }

    @Test(
        arguments: [
            (["GATEWAY_ADDRESS": "0.0.0.0:80"], "0.0.0.0", 80), (["GATEWAY_ADDRESS": "[::1]:8000"], "::1", 8000),
            (["GATEWAY_ADDRESS": "8000"], "127.0.0.1", 8000), (["FLASK_PORT": "5001"], "127.0.0.1", 5001),
            (["GATEWAY_ADDRESS": "127.0.0.1:0"], "127.0.0.1", 0),
        ] as [([String: String], String, UInt16)])
    func `an address is a host and a port, or a port`(_ values: [String: String], _ host: String, _ port: UInt16) throws
    {
        let settings = try settings(values)
        #expect(settings.host == host && settings.port == port)
    }

    @Test(arguments: [
        ("GATEWAY_ADDRESS", "somewhere"), ("GATEWAY_ADDRESS", "a:b"), ("GATEWAY_ADDRESS", "127.0.0.1:70000"),
        ("GATEWAY_PROJECT", "web"), ("GATEWAY_PROJECT", "acme/-"), ("GATEWAY_ORIGINS", "automata.example.com"),
        ("GATEWAY_ORIGINS", "ftp://x"), ("GATEWAY_OPEN", "maybe"),
    ])
    func `what is no such setting is named`(_ name: String, _ value: String) {
        let error = #expect(throws: SettingsError.self) { try settings([name: value]) }
        #expect(error?.setting == name)
    }
}
