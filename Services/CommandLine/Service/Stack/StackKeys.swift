import Contracts
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

    /// The keys that one service gets.
    func environment(of service: ServiceKind) throws -> [String: String] {
        var keys = try KeyRing([.masterKey: Secret(master)]).exported.mapValues { $0.reveal() }
        keys[.masterKey] = master
        keys[.webhookSecret] = webhookSecret
        keys[.webhookMasterKey] = webhookMaster
        let own = service.row.keys.compactMap { setting in keys[setting].map { (setting.name, $0) } }
        return Dictionary(uniqueKeysWithValues: own)
    }
}
