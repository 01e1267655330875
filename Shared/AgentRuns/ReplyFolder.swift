import FoundationEssentials
import Foundations
import LanguageModels
import Logging
import ServiceKit
import Worker

/// Keeps replies of models that could not be understood, for whoever looks for the cause: the newest few, below the
/// service's home.
struct ReplyFolder: Sendable {
    /// How many are kept.
    static let maximumFiles = 20

    let path: String
    let redactor: Redactor
    let logger: Logger

    /// Keeps `reply` and says where. A folder that cannot be written to costs nothing but the reply.
    func keep(_ reply: UnreadableReply) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let file = "\(path)/\(name(of: reply))"
            let text = redactor.redact("\(reply.reason)\n\n\(reply.text)")
            guard
                FileManager.default.createFile(
                    atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
            logger.warning("kept a reply that cannot be understood", metadata: ["file": "\(file)"])
            removeOld()
        } catch {
            logger.warning("cannot keep a reply", metadata: ["error": "\(error)"])
        }
    }

    /// Sorts by time; the model's name may hold anything.
    private func name(of reply: UnreadableReply) -> String {
        let time = Timestamp.text(Timestamp.now()).filter { $0.isLetter || $0.isNumber }
        let model = reply.model.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return "\(time)-\(UUID.v7().text.suffix(4))-\(String(model)).txt"
    }

    private func removeOld() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        // Another call may remove the same file.
        for name in names.sorted().dropLast(Self.maximumFiles) {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }
}

extension ReplyFolder {
    init(_ service: ServiceContext) {
        self.init(
            path: "\(service.settings.home)/replies", redactor: service.redactor, logger: service.logger)
    }
}
