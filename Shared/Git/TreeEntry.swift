/// One entry of a directory at a commit.
package struct TreeEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file, executable, symbolicLink, directory, submodule
    }

    /// The path from the root of the repository, without a leading slash.
    package let path: String
    package let kind: Kind
    package let id: ObjectID

    /// The last component of the path.
    package var name: String { String(path.split(separator: "/").last ?? "") }
}
