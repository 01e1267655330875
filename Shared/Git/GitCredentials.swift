import Foundations

/// What a remote asks for. Handed to git through its environment or a file without a name, never as an argument.
package enum GitCredentials: Sendable, Hashable {
    case none
    case usernamePassword(String, Secret)
    /// A token of the hosting service; the user name that goes with it is the address's, or follows from the host.
    case accessToken(Secret)
    /// An SSH key in PEM or OpenSSH form.
    case privateKey(Secret, passphrase: Secret?)
    /// A file on this host that holds an SSH key.
    case privateKeyPath(String, passphrase: Secret?)
}
