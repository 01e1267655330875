import Foundation
import Foundations

extension SeenEvent {
    /// `nil` if the message is a request, or one between services.
    init?(subject: String, messageID: String?, payload: String) {
        guard let json = try? JSONValue(parsing: payload), let id = json["event_id"]?.stringValue,
            let seq = json["seq"]?.intValue, let task = json["task_id"]?.stringValue
        else { return nil }
        self.init(
            messageID: messageID, eventID: id, task: task, seq: seq,
            type: String(subject.split(separator: ".").last ?? ""), payload: payload,
            key: json["details"]?["key"]?.stringValue, status: json["details"]?["status"]?.stringValue)
    }
}
