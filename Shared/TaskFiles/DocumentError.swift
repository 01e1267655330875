/// A place in a text as editors count: from 1.
package struct TextPlace: Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column)" }
}

/// What is wrong with a document that people write, and where. It repeats no value: that may be a secret.
package struct DocumentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `nil` where it is about the whole.
    package let place: TextPlace?
    package let reason: String

    package init(place: TextPlace? = nil, reason: String) {
        self.place = place
        self.reason = reason
    }

    package var description: String { place.map { "\($0): \(reason)" } ?? reason }
}
