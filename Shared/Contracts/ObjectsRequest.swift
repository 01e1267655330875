import Foundations

/// A request for Git objects of the task's repository, on the subject `…objects`.
package struct ObjectsRequest: Sendable, Hashable, Codable {
    /// The commit wanted, 40 hexadecimal digits.
    package var want: String
    /// Commits that the asker already has.
    package var have: [String]

    package init(want: String, have: [String]) {
        self.want = want
        self.have = have
    }
}
