import Foundations
import ServiceKit

/// Who is made from this module works on a stage, so that its row in ``ServiceKind`` leads to these settings.
extension ServiceSettings {
    private var own: StageSettings {
        guard let stages else { preconditionFailure("no row of ServiceKind gives this service a stage") }
        return stages
    }

    package var concurrency: Int { own.concurrency }
    package var maxRetries: Int { own.maxRetries }
    package var stepTimeout: Duration { own.stepTimeout }
    package var home: String { own.home }
    package var allowsLocalRemotes: Bool { own.allowsLocalRemotes }
    package var remoteAddresses: AddressPolicy { own.remoteAddresses }
}
