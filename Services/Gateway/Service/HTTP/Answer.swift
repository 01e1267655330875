import FoundationEssentials
import Foundations

/// What a ``Call`` is answered with.
package struct Answer: Sendable {
    package enum Body: Sendable {
        case bytes(Data)
        case stream(any StreamedBody)
    }

    package var status: Int
    /// A name may be there several times.
    package var headers: [(name: String, value: String)]
    package var body: Body

    init(_ status: Int = 200, _ headers: [(name: String, value: String)] = [], body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = .bytes(body)
    }

    static func json(_ value: JSONValue, _ status: Int = 200, _ headers: [(name: String, value: String)] = [])
        throws -> Answer
    {
        Answer(status, [("content-type", MediaType.json)] + headers, body: try value.data())
    }

    static func text(_ text: String, _ status: Int = 200, type: String = MediaType.text) -> Answer {
        Answer(status, [("content-type", "\(type); charset=utf-8")], body: Data(text.utf8))
    }

    static func html(_ text: String, _ status: Int = 200) -> Answer { .text(text, status, type: MediaType.html) }

    /// Has a browser go on elsewhere, with a `GET`.
    static func seeOther(_ address: String, _ headers: [(name: String, value: String)] = []) -> Answer {
        Answer(303, [("location", address)] + headers)
    }

    static func stream(_ body: any StreamedBody) -> Answer {
        var answer = Answer(200, [("content-type", MediaType.events), ("x-accel-buffering", "no")])
        answer.body = .stream(body)
        return answer
    }

    /// The first value of a header.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The body, where it is not a stream.
    package var bytes: Data { if case .bytes(let data) = body { data } else { Data() } }
}

/// A body that is written for as long as the client listens.
package protocol StreamedBody: Sendable {
    func write(to writer: any StreamWriter) async throws
    /// The client has gone, or the server ends: ``write(to:)`` returns soon.
    func end()
}

/// Where a stream is written to. It waits while the client takes nothing.
package protocol StreamWriter {
    mutating func write(_ text: String) async throws
}
