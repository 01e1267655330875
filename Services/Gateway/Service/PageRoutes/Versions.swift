import Contracts
import FoundationEssentials
import Foundations
import GatewayPages

/// The versions of an object of the catalogue as its page shows them.
struct Versions: Sendable {
    /// How many a page shows.
    private static let limit = 20

    /// The newest first.
    private var found: [(date: Date, version: SettingsPage.Version)] = []

    /// - Parameter isNamed: Whether each says what it is of, where a page shows those of several objects.
    init(
        of kind: any CatalogueSpec.Type, at place: CataloguePlace, isNamed: Bool = false, _ gateway: Gateway
    ) async throws {
        let versions = try await gateway.record.versions(kind.kind, at: place, limit: Self.limit + 1)
        self.init(versions, name: isNamed ? kind.kind : nil, now: Date())
    }

    /// - Parameter versions: The newest first; the last of more than a page shows only tells what the next one changed.
    init(_ versions: [CatalogueDescription], name: String? = nil, now: Date) {
        for (index, version) in versions.prefix(Self.limit).enumerated() {
            let before = versions.dropFirst(index + 1).first?.spec
            let date = version.createdAt ?? now
            let prefix = name.map { Words.sentence($0) + ": " } ?? ""
            found.append(
                (
                    date,
                    SettingsPage.Version(
                        number: version.version, at: Moment(date, now: now), actor: version.createdBy ?? "unknown",
                        change: prefix + Self.change(from: before, to: version.spec))
                ))
        }
    }

    static func + (one: Versions, other: Versions) -> Versions {
        var both = one
        both.found = (one.found + other.found).sorted { $0.date > $1.date }
        return both
    }

    /// As many as a page shows.
    var rows: [SettingsPage.Version] { found.prefix(Self.limit).map(\.version) }

    /// What a version changed, in words.
    static func change(from before: JSONValue?, to spec: JSONValue) -> String {
        guard let before else { return "defined" }
        let names = changed(before, spec)
        // Credentials are not in a spec.
        return names.isEmpty ? "defined again" : names.joined(separator: ", ")
    }

    /// The paths of the members in which two values differ.
    private static func changed(_ one: JSONValue, _ other: JSONValue, at path: String = "") -> [String] {
        guard one != other else { return [] }
        guard let before = one.objectValue, let after = other.objectValue else { return [path] }
        return Set(before.keys).union(after.keys).sorted().flatMap { name in
            changed(before[name] ?? .null, after[name] ?? .null, at: path.isEmpty ? name : "\(path).\(name)")
        }
    }
}
