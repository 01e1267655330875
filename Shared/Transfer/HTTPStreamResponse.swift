/// A reply whose body is still arriving.
package struct HTTPStreamResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    /// Read it once. Dropping it ends the transfer.
    package let body: HTTPBody

    package var isSuccess: Bool { (200..<300).contains(status) }
}
