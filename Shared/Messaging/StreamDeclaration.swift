/// A stream as it should be: stored in files, kept until a limit is reached, the oldest dropped first.
package struct StreamDeclaration: Sendable, Equatable {
    package var name: String
    /// Patterns of what is stored.
    package var subjects: [String]
    /// How long a message is kept; zero keeps it for ever.
    package var maxAge: Duration
    /// How long the id of a message is remembered to refuse a second one; at most `maxAge`.
    package var duplicateWindow: Duration
    /// Copies in a cluster, 1 to 5.
    package var replicas: Int
    /// The largest message in bytes, headers included; -1 leaves it to the server.
    package var maxMessageSize: Int

    package init(
        name: String, subjects: [String], maxAge: Duration = .zero, duplicateWindow: Duration = .seconds(120),
        replicas: Int = 1, maxMessageSize: Int = -1
    ) {
        self.name = name
        self.subjects = subjects
        self.maxAge = maxAge
        self.duplicateWindow = duplicateWindow
        self.replicas = replicas
        self.maxMessageSize = maxMessageSize
    }

    /// Throws ``BusError/Code/invalidSubject`` for a name or pattern that is not well formed.
    package func validate() throws(BusError) {
        try Subject.validateName(name)
        for subject in subjects { try Subject.validatePattern(subject) }
    }
}
