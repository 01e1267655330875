/// What a health endpoint says.
struct HTTPAnswer: Sendable, Hashable {
    enum Status: String, Sendable {
        case ok = "200 OK"
        case malformed = "400 Bad Request"
        case unknownPath = "404 Not Found"
        case wrongMethod = "405 Method Not Allowed"
        case headTooLarge = "431 Request Header Fields Too Large"
        case unavailable = "503 Service Unavailable"
    }

    let status: Status
    let contentType: String
    let body: String

    init(_ status: Status, _ body: String, contentType: String = "text/plain") {
        self.status = status
        self.body = body
        self.contentType = contentType
    }

    /// As it goes over the wire, where the connection ends after it; `HEAD` is answered without the body.
    func bytes(toHead: Bool) -> [UInt8] {
        let allow = status == .wrongMethod ? "Allow: GET, HEAD\r\n" : ""
        let head = """
            HTTP/1.1 \(status.rawValue)\r
            Content-Type: \(contentType)\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \(allow)\r

            """
        return Array((toHead ? head : head + body).utf8)
    }
}
