import FoundationEssentials
import Foundations

/// Where a remote points to that answers with a redirection. It is told and never followed: the credentials are for the
/// place that the task names.
enum Redirection {
    /// What git says where it meets one that it does not follow.
    static func isTold(by errors: String) -> Bool { errors.contains(/returned error: 30[12378]/) }

    /// Variables under which git also tells the headers of answers, on standard error and without credentials.
    static let tracing = ["GIT_TRACE_CURL": "2", "GIT_TRACE_CURL_NO_DATA": "1"]

    /// What a repository's address is followed by in what git asks for.
    private static let services = ["/info/refs", "/git-upload-pack", "/git-receive-pack"]

    /// The repository that the last redirection in `trace` leads to, seen from `remote`; `nil` if it leads elsewhere, as
    /// to a page for people.
    static func repository(in trace: String, from remote: RemoteURL) -> RemoteURL? {
        let header = /(?i)<= Recv header: location:([^\r\n]*)/.matchingSemantics(.unicodeScalar)
        let places = trace.matches(of: header)
        guard let value = places.last.map({ String($0.1).trimmed }) else { return nil }
        let place = String(value.prefix { $0 != "?" && $0 != "#" })
        guard let service = services.first(where: place.hasSuffix),
            let found = try? RemoteURL(absolute(String(place.dropLast(service.count)), remote)),
            [.http, .https].contains(found.transport)
        else { return nil }
        return found
    }

    private static func absolute(_ place: String, _ remote: RemoteURL) -> String {
        if place.hasPrefix("//") { return "\(remote.transport.rawValue):\(place)" }
        return place.hasPrefix("/") ? remote.origin + place : place
    }
}
