import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPStubTests {
    /// Requests a URL with curl, a client that is not ours.
    private func curl(_ arguments: String...) async throws -> (status: Int32, output: String) {
        let process = try await ServerProcess(["curl", "-sS", "--no-buffer"] + arguments)
        let status = try await process.waitForExit()
        return (status, process.output.elements.joined(separator: "\n"))
    }

    @Test func `requests are recorded in order, with method, target, headers and body`() async throws {
        let stub = try await HTTPStub { request in .text("you sent \(request.text)") }
        let first = try await curl("-d", "a=1", "-H", "X-Thing: yes", stub.url + "/hook?x=%20y")
        #expect(first.output == "you sent a=1")
        _ = try await curl(stub.url + "/second")
        let requests = try await stub.waitFor(2)
        #expect(requests.map(\.method) == ["POST", "GET"])
        #expect(requests.map(\.target) == ["/hook?x=%20y", "/second"])
        #expect(requests[0].path == "/hook")
        #expect(requests[0].headers["x-thing"] == "yes")
    }

    @Test func `a body of a megabyte arrives whole`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("big", String(repeating: "0123456789abcdef", count: 65_536))
        let stub = try await HTTPStub { .text("\($0.body.count)") }
        #expect(try await curl("--data-binary", "@\(file)", stub.url).output == "1048576")
    }

    @Test func `a stream ends well, is cut, stalls or is dropped as asked`() async throws {
        let stub = try await HTTPStub { request in
            switch request.path {
            case "/whole": .chunks(["one ", "two"])
            case "/cut": .cut(after: ["one ", "two"])
            case "/stall": .stall(after: ["one\n"])
            case "/drop": .drop
            case "/moved": .redirect(to: "/whole")
            case "/slow": .text("late").delayed(.milliseconds(50))
            default: .hang
            }
        }
        #expect(try await curl(stub.url + "/whole") == (0, "one two"))
        let cut = try await curl(stub.url + "/cut")
        #expect(cut.status == 18 && cut.output.hasPrefix("one two"))
        #expect(try await curl(stub.url + "/drop").status == 52)
        #expect(try await curl("-L", stub.url + "/moved") == (0, "one two"))
        #expect(try await curl(stub.url + "/slow") == (0, "late"))

        let stalled = try await ServerProcess(["curl", "-sSN", stub.url + "/stall"], ready: .line("one"))
        #expect(stalled.isRunning)
        let hung = try await ServerProcess(["curl", "-sSN", stub.url + "/hang"])
        try await stub.requests.first { $0.path == "/hang" }
        #expect(hung.isRunning)
        await stub.stop()
        #expect(try await stalled.waitForExit() != 0)
        #expect(try await hung.waitForExit() == 52)
    }
}
