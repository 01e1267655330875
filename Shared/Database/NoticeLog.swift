import CPostgres
import Logging

/// Receives the notices of one connection and logs them.
final class NoticeLog {
    private let logger: Logger
    /// Whether the server said, outside of any statement, that it closes the connection.
    private(set) var announcedEnd = false

    init(logger: Logger) { self.logger = logger }

    /// Must stay alive for as long as the connection.
    func attach(to connection: OpaquePointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context, let result else { return }
                Unmanaged<NoticeLog>.fromOpaque(context).takeUnretainedValue().log(result)
            }, context)
    }

    private func log(_ result: OpaquePointer) {
        let notice = DatabaseError(report: result, phase: .statement)
        if notice.sqlState != nil, notice.code == .unavailable { announcedEnd = true }
        logger.debug(
            "Postgres notice", metadata: ["sqlstate": "\(notice.sqlState ?? "")", "message": "\(notice.message)"])
    }
}
