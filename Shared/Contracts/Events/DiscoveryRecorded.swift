/// An agent noted something worth knowing.
package struct DiscoveryRecorded: EventDetails, Hashable {
    package static let type = EventType.discoveryRecorded

    package var content: String
    package var tags: [String]

    package init(content: String, tags: [String]) {
        self.content = content
        self.tags = tags
    }

    package var message: String { content.line(200) }

    private enum CodingKeys: String, CodingKey {
        case content, tags
    }
}
