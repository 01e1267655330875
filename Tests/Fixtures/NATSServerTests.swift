import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct NATSServerTests {
    @Test func `a server survives a kill on the same port and loses its store only when wiped`() async throws {
        let server = try await NATSServer.start()
        #expect(FreePort.accepts(server.port))
        let first = server.processID
        try await server.kill()
        #expect(!FreePort.accepts(server.port))
        try await server.restart()
        #expect(FreePort.accepts(server.port))
        #expect(server.processID != first)
        let store = server.folder.path("store")
        #expect(FileManager.default.fileExists(atPath: store))
        try await server.wipeStore()
        #expect(!FileManager.default.fileExists(atPath: store))
        try await server.restart()
        try await server.stop()
        #expect(!FreePort.accepts(server.port))
    }

    @Test func `settings reach the server, and a bad one is reported at once`() async throws {
        let error = await #expect(throws: ServerProcess.NotReady.self) {
            try await NATSServer.start(settings: "max_payload: nonsense")
        }
        #expect(error?.output.contains("nats.conf") == true)
    }
}
