/// Who a commit names as author and committer.
package struct Author: Sendable, Hashable {
    package let name: String
    package let email: String

    package init(name: String, email: String) {
        self.name = name
        self.email = email
    }

    /// The platform itself.
    package static let automata = Author(name: "Automata", email: "automata@localhost")
}
