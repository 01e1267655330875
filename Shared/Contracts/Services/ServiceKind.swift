/// A service of the platform, of which replicas run: one row each.
///
/// From the row follows what else there is to know of it: what its `--help` lists and what it may read, when it is ready,
/// its part of a private stack, its logins and what it may do with them at the bus and at the database. The tests hold
/// README and docker-compose.yml to it.
package enum ServiceKind: String, CaseIterable, Sendable {
    case planner, coder, validator, pusher, notifier
    case webhookBridge = "webhook-bridge"
    case gateway

    package struct Row: Sendable {
        /// The kinds of steps that it works on.
        package var kinds: [StepKind] = []
        /// The requests that it answers. It is ready when it listens to all of them.
        package var answers: [RequestType] = []
        /// Whether it passes on what clients ask to those who answer, and shows clients what tasks tell.
        package var passesOnRequests = false
        /// Whether it hands over Git objects to those services that may not ask a remote.
        package var handsOverObjects = false
        /// The consumers of the stream that its replicas share, besides those of its kinds.
        package var consumers: [String] = []
        /// Whether it makes the stream of the bus. Others wait until it is there: what a program does not know of it, it
        /// cannot take away.
        package var declaresStream = false
        /// Whether it begins, repairs and ends workflows of every kind, and has them take in what others told them. Who
        /// does not changes the workflows of its steps alone.
        package var keepsWorkflows = false
        /// How many seconds one statement may run at the database.
        package var statementSeconds = 30
        /// What it reads besides ``Setting/common`` and, if it works on steps, ``Setting/stages``.
        package var settings: [Setting] = []
        /// Which of an installation's keys it is given: no more than it needs. It reads them too.
        package var keys: [Setting] = []
    }

    package var row: Row {
        switch self {
        case .planner:
            Row(
                kinds: [.plan], answers: RequestType.allCases.filter(\.isOfClients), handsOverObjects: true,
                consumers: [StreamNames.intake], declaresStream: true, keepsWorkflows: true,
                settings: Setting.models + Setting.sandbox
                    + [.taskTimeout, .autoPush, .author, .committer, .knownHosts, .sealingKey],
                keys: [.masterKey])
        case .coder:
            Row(kinds: [.implementation], settings: Setting.models + Setting.sandbox + [.maxIterations])
        case .validator:
            Row(kinds: [.validation], settings: Setting.sandbox + [.masterKey], keys: [.signingKey])
        case .pusher:
            Row(kinds: [.push], settings: [.knownHosts, .masterKey], keys: [.sealingKey, .verifyKey])
        case .notifier:
            Row(
                consumers: [
                    StreamNames.notifyCompleted, StreamNames.notifyFailed, StreamNames.notifyApprovals,
                    StreamNames.notifyBudgets, StreamNames.notifyCheckpoints,
                ], declaresStream: true, keepsWorkflows: true,
                settings: [.retention, .logRetention, .checkpointDays, .chat])
        case .webhookBridge:
            Row(
                consumers: [StreamNames.webhookCompleted, StreamNames.webhookFailed],
                settings: [.webhookURL, .webhookAllowPrivate], keys: [.webhookSecret, .webhookMasterKey])
        case .gateway:
            Row(passesOnRequests: true, statementSeconds: 5, settings: Setting.gateway + [.checkpointDays])
        }
    }
}

extension ServiceKind {
    /// Everything that it reads, in the order of `--help`.
    package var settings: [Setting] {
        Setting.common + (row.kinds.isEmpty ? [] : Setting.stages) + row.settings + row.keys
    }

    /// The name of its executable, for example `automata-planner`.
    package var executable: String { "automata-\(rawValue)" }

    /// The name of its role in Postgres, for example `automata_planner`.
    package var databaseRole: String { "automata_\(rawValue.replacing("-", with: "_"))" }
}
