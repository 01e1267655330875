import FoundationEssentials

/// A whole reply.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: Data

    package var isSuccess: Bool { (200..<300).contains(status) }
}
