import Foundations

/// Limits of a company, or of every company that has none of its own. What they leave open has no limit.
package struct LimitsSpec: CatalogueSpec, Hashable {
    package static let kind = "limits"
    package static let levels: Set<CataloguePlace.Level> = [.platform, .company]

    private static let unbuilt = ["max_cost_usd_per_day", "models"]

    /// How many tasks run at a time, in all replicas together.
    package var maxRunning: Int?
    /// How many submitted tasks may wait to be begun: more are refused as `over_limit`.
    package var maxWaiting: Int?

    package init(maxRunning: Int? = nil, maxWaiting: Int? = nil) {
        self.maxRunning = maxRunning
        self.maxWaiting = maxWaiting
    }

    package init(_ fields: FieldReader, at place: CataloguePlace) throws(FieldError) {
        try fields.refuse(unbuilt: Self.unbuilt)
        try fields.refuseOthers(than: ["max_running", "max_waiting"] + Self.unbuilt)
        try self.init(recorded: fields)
    }

    /// Reads what was checked before.
    package init(recorded fields: FieldReader) throws(FieldError) {
        maxRunning = try fields.optionalInt("max_running", in: 1...1_000_000)
        maxWaiting = try fields.optionalInt("max_waiting", in: 0...1_000_000)
    }

    package var json: JSONValue {
        JSONValue.object(["max_running": .optional(maxRunning), "max_waiting": .optional(maxWaiting)])
            .withoutNulls(and: [:])
    }
}
