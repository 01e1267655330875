import Compression
import FoundationEssentials
import Foundations

extension Answer {
    /// What is smaller than this is sent as it is.
    private static let leastBytes = 1024
    private static let compressible = ["application/json", "application/problem+json", "text/", "image/svg+xml"]

    /// The answer, with its body as gzip where that makes it smaller and the client takes it. Streams are never: each of
    /// their events is to leave at once.
    ///
    /// No other site can have a browser ask for a page with its cookie (`SameSite=Strict`), and so watch how long it is
    /// beside what that site chose (BREACH).
    func compressed(for call: Call) -> Answer {
        guard case .bytes(let bytes) = body, bytes.count >= Self.leastBytes, call.takesGzip,
            let type = header("content-type"), Self.compressible.contains(where: type.hasPrefix),
            header("content-encoding") == nil, let smaller = try? Gzip.compress(bytes), smaller.count < bytes.count
        else { return self }
        var answer = self
        answer.headers += [("content-encoding", "gzip"), ("vary", "accept-encoding")]
        answer.body = .bytes(smaller)
        return answer
    }
}

extension Call {
    /// By the header `Accept-Encoding` (RFC 9110, 12.5.3).
    var takesGzip: Bool {
        (headers["accept-encoding"] ?? "").split(separator: ",").contains { entry in
            let parts = entry.split(separator: ";").map(\.trimmed)
            return parts.first?.lowercased() == "gzip" && !parts.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" }
        }
    }
}
