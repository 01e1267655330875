import FoundationEssentials
import Foundations
import Transfer

/// Where people read how tasks ended.
protocol ChatRoom: Sendable {
    /// Says a line.
    func say(_ text: String) async throws
}

/// The incoming webhook of a chat. It takes `{"text": …}`, as those of Slack, Mattermost, Rocket.Chat and others do.
struct ChatWebhook: ChatRoom {
    private static let timeout: Duration = .seconds(15)

    let client: HTTPClient
    let address: Secret

    func say(_ text: String) async throws {
        let response = try await client.send(
            HTTPRequest(
                method: "POST", url: address.reveal(), headers: [("content-type", "application/json")],
                body: try JSONValue.object(["text": .string(text)]).data(), timeout: Self.timeout))
        guard response.isSuccess else { throw ChatRefusal(status: response.status) }
    }
}

/// The chat took no message.
struct ChatRefusal: Error, CustomStringConvertible {
    let status: Int
    var description: String { "it answered with status \(status)" }
}
