import Foundation

/// A request that an ``HTTPStub`` received.
package struct StubRequest: Sendable {
    /// For example `POST`.
    package let method: String
    /// The path with the query, as it came: `/hook?a=1`.
    package let target: String
    /// The headers, names in lower case.
    package let headers: [String: String]
    /// The whole body.
    package let body: Data

    /// The path without the query.
    package var path: String { String(target.prefix { $0 != "?" }) }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
