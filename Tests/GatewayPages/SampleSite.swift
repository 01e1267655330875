import Foundation
import Foundations
import Synchronization
import TestSupport

@testable import GatewayPages

/// A site of sample pages, whose stream a test writes and whose forms it reads.
final class SampleSite: Sendable {
    private typealias Stream = AsyncThrowingStream<Data, any Error>

    private final class Record: Sendable {
        let listeners = Mutex<[Stream.Continuation]>([])
        let forms = Recorder<[String: String]>()
    }

    private static let places = [
        "/": "fleet", "/tasks": "tasks", "/queue": "queue", "/logs": "logs", "/tasks/acme/web/fix-login": "task",
    ]

    private let server: HTTPStub
    private let record: Record

    var url: String { server.url }
    /// The forms that were sent, by the names of their fields.
    var forms: [[String: String]] { record.forms.elements }
    /// The addresses of the streams that were asked for.
    var streams: [String] {
        server.requests.elements.map(\.target).filter { $0.hasPrefix("/s") && !$0.hasPrefix("/sample") }
    }

    init() async throws {
        let record = Record()
        self.record = record
        server = try await HTTPStub { request in Self.answer(request, record) }
    }

    /// An event of the stream, for everyone who listens.
    func tell(_ name: String, _ markup: String, id: String? = nil) {
        send("event: \(name)\n\(id.map { "id: \($0)\n" } ?? "")data: \(markup)\n\n")
    }

    /// Several events at once.
    func tell(_ name: String, _ markups: [String]) {
        send(markups.map { "event: \(name)\ndata: \($0)\n\n" }.joined())
    }

    private func send(_ text: String) {
        for listener in record.listeners.withLock({ $0 }) { listener.yield(Data(text.utf8)) }
    }

    private static func answer(_ request: StubRequest, _ record: Record) -> StubReply {
        let path = String(request.target.prefix { $0 != "?" })
        if request.method == "POST" { return answer(form: fields(request.body), path, record) }
        if let asset = Asset.all.first(where: { $0.path == path }) {
            return StubReply(headers: ["Content-Type": asset.contentType], body: .data(Data(asset.bytes)))
        }
        if path == "/stream" || path == "/s" { return stream(record) }
        let name = places[path] ?? (path.hasPrefix("/sample/") ? String(path.dropFirst(8)) : "not-found")
        return page(name)
    }

    private static func answer(form: [String: String], _ path: String, _ record: Record) -> StubReply {
        record.forms.record(form)
        guard path != Place.bulkAction || form["confirmed"] != nil else { return page("bulk") }
        let back = form["back"] ?? "/"
        return .redirect(to: back + (back.contains("?") ? "&" : "?") + "done=1", status: 303)
    }

    private static func page(_ name: String) -> StubReply {
        let html = Samples.plain.first { $0.name == name }?.html ?? ""
        let headers = Dictionary(PageHeaders.all.map { ($0.name, $0.value) }) { $1 }
        return StubReply(headers: headers, body: .data(Data(html.utf8)))
    }

    private static func stream(_ record: Record) -> StubReply {
        let (stream, continuation) = Stream.makeStream()
        continuation.yield(Data("retry: 1000\n\n".utf8))
        record.listeners.withLock { $0.append(continuation) }
        return StubReply(headers: ["Content-Type": "text/event-stream"], body: .stream(stream))
    }

    private static func fields(_ body: Data) -> [String: String] {
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map { pair in
            pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacing("+", with: " ").percentDecoded ?? ""
            }
        }
        return Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 }
    }
}
