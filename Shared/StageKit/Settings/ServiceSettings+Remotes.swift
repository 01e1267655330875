import Git
import ServiceKit

extension ServiceSettings {
    /// What the operator says of remotes.
    package var remotePolicy: RemotePolicy { RemotePolicy(addresses: remoteAddresses, knownHosts: knownHosts) }
}
