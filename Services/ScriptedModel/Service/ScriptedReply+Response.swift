import FlyingFox
import Foundation

extension ScriptedReply {
    /// The answer in the form of the HTTP library.
    var response: HTTPResponse {
        // Names that differ in case alone are one.
        let fields = HTTPHeaders(Dictionary(headers.map { (HTTPHeader($0), $1) }, uniquingKeysWith: { $1 }))
        let code = HTTPStatusCode(status, phrase: status < 400 ? "OK" : "Error")
        if case .whole = ending, pieces.count == 1, pauses.isEmpty {
            return HTTPResponse(statusCode: code, headers: fields, body: pieces[0])
        }
        return HTTPResponse(
            statusCode: code, headers: fields, body: HTTPBodySequence(from: StreamedBody(self)))
    }
}
