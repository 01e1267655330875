import Contracts
import FoundationEssentials
import Foundations
import ServiceKit

/// What there is to know of the gateway itself.
enum SystemRoutes {
    static let rows: [Route] = [
        Route(.get, "/openapi.json", .role(.viewer), Operation("openapi", "This document.", success: .object)) {
            call, _, _ in
            try .json(OpenAPIDocument.json(RouteTable.all))
        },
        Route(.get, "/healthz", .anybody, Operation("healthz", "Whether the process runs.", success: .text)) {
            _, _, _ in .text("ok\n")
        },
        Route(.get, "/readyz", .anybody, Operation("readyz", "Whether its parts work.", success: .text)) {
            _, _, gateway in
            let failed = await Readiness.failures(of: gateway.checks)
            guard failed.isEmpty else { throw Problem.unavailable("not ready: \(failed.joined(separator: ", "))") }
            return .text("ready\n")
        },
        Route(
            .get, "/metrics", .role(.viewer),
            Operation("metrics", "What the gateway counts and measures, for Prometheus.", success: .text)
        ) { call, _, gateway in
            guard call.caller.company == nil else { throw Problem.forbidden("this is of the whole platform") }
            return Answer(200, [("content-type", ExpositionText.contentType)], body: Data(gateway.metrics.text.utf8))
        },
    ]
}
