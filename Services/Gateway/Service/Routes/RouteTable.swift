import Contracts
import Foundations

/// Everything that can be asked over HTTP: a row each.
package enum RouteTable {
    package static let all: [Route] = [
        TaskRoutes.rows, ListRoutes.rows, ControlRoutes.rows, OperationRoutes.rows, CatalogueRoutes.rows,
        StreamRoutes.rows, SystemRoutes.rows, SignInRoutes.rows, PageRoutes.rows,
    ].flatMap { $0 }

    /// What is at an address.
    enum Match {
        case route(Route, parameters: [String: String])
        /// Other methods alone.
        case otherMethods([Call.Method])
        case nothing
    }

    static func match(_ call: Call, in routes: [Route] = all) -> Match {
        var others: [Call.Method] = []
        // A word goes before what may be any.
        var found: (route: Route, parameters: [String: String])?
        for route in routes {
            guard let parameters = route.path.match(call.path) else { continue }
            guard route.method == call.method else {
                others.append(route.method)
                continue
            }
            if parameters.count < found?.parameters.count ?? .max { found = (route, parameters) }
        }
        if let found { return .route(found.route, parameters: found.parameters) }
        return others.isEmpty ? .nothing : .otherMethods(others)
    }
}
