import FoundationEssentials
import Foundations
import GatewayPages

/// Everything that people see: a row each.
enum PageRoutes {
    static let rows: [Route] = [
        FleetPages.rows, TaskListPages.rows, TaskDetailPages.rows, QueuePages.rows, TaskActions.rows, BulkActions.rows,
        ProjectPages.rows, SettingsPages.rows, OperationActions.rows, ReportPages.rows, LogPages.rows, ModelPages.rows,
        PageStreams.rows, assets,
    ].flatMap { $0 }

    /// The entries of the navigation whose pages there are.
    private static let entries = Section.allCases.filter { section in
        rows.contains { $0.path.text == section.row.path }
    }

    /// Those of them that somebody may see.
    static func sections(of caller: Caller) -> [Section] {
        // Models are the platform's.
        entries.filter { $0 != .models || caller.company == nil }
    }

    /// Style, script and icon: their paths change with their content.
    private static let assets = Asset.all.map { asset in
        Route.page(.get, RoutePath(asset.path), .anybody) { _, _, _ in
            Answer(
                200,
                [
                    ("content-type", asset.contentType), ("cache-control", "public, max-age=31536000, immutable"),
                ], body: Data(asset.bytes))
        }
    }
}
