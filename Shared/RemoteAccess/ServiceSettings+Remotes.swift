import Contracts
import Git
import ServiceKit
import Worker

extension ServiceSettings {
    /// What the operator says of remotes.
    package var remotePolicy: RemotePolicy {
        get throws { RemotePolicy(addresses: remoteAddresses, knownHosts: try source.readableFile(.knownHosts)) }
    }
}
