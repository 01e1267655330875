import Cryptography
import Foundation
import Foundations

/// The keys of a private stack: made once, kept in a file that only its owner may read.
struct StackKeys: Codable {
    var master: String
    var webhookSecret: String
    /// `nil` in the file of an older program.
    var webhookMaster: String?

    static func loadOrCreate(_ paths: StackPaths) throws -> StackKeys {
        try paths.create()
        if let keys = try load(paths) { return keys.webhookMaster == nil ? try keys.completed(paths) : keys }
        let keys = StackKeys(
            master: KeyRing.newMasterKey().reveal(), webhookSecret: WebhookSecret.generate().reveal())
        return try keys.completed(paths)
    }

    /// `nil` if there is no stack.
    static func load(_ paths: StackPaths) throws -> StackKeys? {
        guard let data = FileManager.default.contents(atPath: paths.keys) else { return nil }
        return try JSONDecoder().decode(StackKeys.self, from: data)
    }

    private func completed(_ paths: StackPaths) throws -> StackKeys {
        var keys = self
        keys.webhookMaster = WebhookMasterKey.generate().reveal()
        try PrivateFile.write(try JSONEncoder().encode(keys), to: paths.keys)
        return keys
    }

    /// The keys that one service gets: as few as it can do with, coders none.
    func environment(of service: String) throws -> [String: String] {
        let ring = try KeyRing(["AUTOMATA_MASTER_KEY": Secret(master)])
        let exported = Dictionary(uniqueKeysWithValues: ring.exported.map { ($0.key.rawValue, $0.value.reveal()) })
        switch service {
        case "planner": return ["AUTOMATA_MASTER_KEY": master]
        case "validator": return exported.filter { $0.key == "SIGNING_KEY" }
        case "pusher": return exported.filter { $0.key == "SEALING_KEY" || $0.key == "VERIFY_KEY" }
        case "webhook-bridge":
            return ["WEBHOOK_SECRET": webhookSecret, "WEBHOOK_MASTER_KEY": webhookMaster ?? ""]
        default: return [:]
        }
    }
}
