import Contracts
import FoundationEssentials
import Foundations

/// A request that came over HTTP, without its body.
package struct Call: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"

        /// Whether it only reads (RFC 9110, 9.2.1).
        var isSafe: Bool { self == .get }
    }

    let method: Method
    /// Path and query as they came.
    let target: String
    /// The parts of the path between slashes, decoded.
    let path: [String]
    /// The fields behind `?`, decoded, each with all its values.
    let query: [String: [String]]
    /// By their names in lower case.
    let headers: [String: String]
    /// What the client calls this server: the header `Host`.
    let authority: String
    /// Whether the client is on this host.
    let isLocal: Bool
    /// What the route names in its path.
    var parameters: [String: String] = [:]
    var caller = Caller.nobody

    /// - Parameter target: As it stands in the first line of the request.
    /// Throws a ``Problem`` where that is no address.
    package init(
        _ method: Method, _ target: String, headers: [String: String] = [:], authority: String = "",
        isLocal: Bool = true
    ) throws(Problem) {
        self.method = method
        self.target = target
        self.headers = headers
        self.authority = authority
        self.isLocal = isLocal
        let parts = target.prefix { $0 != "#" }.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var path: [String] = []
        for segment in segments {
            guard let text = segment.percentDecoded else { throw .malformed("the path is not well encoded") }
            path.append(text)
        }
        // `/` is one empty part.
        self.path = path == [""] ? [] : path
        query = try FormEncoding.fields(parts.count > 1 ? String(parts[1]) : "")
    }

    /// The only value of a field of the query.
    func field(_ name: String) throws(Problem) -> String? {
        guard let values = query[name] else { return nil }
        guard values.count == 1, let value = values.first, !value.utf8.contains(0) else {
            throw .malformed("\(name): expected once")
        }
        return value
    }

    /// A whole number in a field of the query.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = try field(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .malformed("\(name): expected \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    /// The JSON of a body that is said to be some.
    func json(_ body: Data) throws(Problem) -> JSONValue {
        guard MediaType(headers["content-type"] ?? "").name == MediaType.json else {
            throw .unsupported([MediaType.json])
        }
        do {
            return try JSONValue(message: body)
        } catch {
            throw .malformed(error.description)
        }
    }

    /// Refuses fields of the query that have another name: one that is passed over would show more than was asked for.
    func refuseFields(otherThan known: [String]) throws(Problem) {
        guard let other = query.keys.filter({ !known.contains($0) }).min() else { return }
        let names = known.isEmpty ? "none" : known.joined(separator: ", ")
        throw .malformed("\(other.clipped(64)): there is no such field; the fields here are \(names)")
    }

    /// Whether it takes a media type at all.
    func accepts(_ type: String) -> Bool {
        (headers["accept"] ?? "").split(separator: ",").contains { MediaType(String($0)).name == type }
    }

    /// The value of a cookie.
    func cookie(_ name: String) -> String? {
        for pair in (headers["cookie"] ?? "").split(separator: ";") {
            let parts = pair.trimmed.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == name { return String(parts[1]) }
        }
        return nil
    }
}

/// The name of a media type, without its parameters.
struct MediaType: Hashable {
    let name: String

    init(_ text: String) { name = text.prefix { $0 != ";" }.trimmed.lowercased() }

    static let json = "application/json"
    static let form = "application/x-www-form-urlencoded"
    static let text = "text/plain"
    static let html = "text/html"
    static let events = "text/event-stream"
}

/// Fields as a browser's form and the query of a URL write them (`application/x-www-form-urlencoded`).
enum FormEncoding {
    /// The most fields that are read.
    private static let maximumFields = 100

    static func fields(_ text: String) throws(Problem) -> [String: [String]] {
        let pairs = text.split(separator: "&")
        guard pairs.count <= maximumFields else { throw .malformed("more than \(maximumFields) fields") }
        var fields: [String: [String]] = [:]
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.compactMap { $0.replacing("+", with: " ").percentDecoded }
            guard decoded.count == parts.count, let name = decoded.first else {
                throw .malformed("a field is not well encoded")
            }
            fields[name, default: []].append(decoded.count > 1 ? decoded[1] : "")
        }
        return fields
    }
}
