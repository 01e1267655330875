/// What `Package.swift` says of the modules of `Shared` and of the services.
struct Manifest {
    struct Service {
        let folder: String
        let executable: String
        /// What it declares beside what every service is built from.
        let own: Set<String>
    }

    /// The modules of `Shared`, each with what it declares.
    let modules: [String: Set<String>]
    /// What every service is built from.
    let platform: Set<String>
    let services: [Service]

    init() throws { try self.init(Checkout.text("Package.swift")) }

    init(_ text: String) throws {
        let groups = text.matches(of: #/let (\w+): \[Target\.Dependency\] = \[([^\]]*)\]/#).map {
            (String($0.1), Self.names($0.2))
        }
        let lists = Dictionary(uniqueKeysWithValues: groups)
        platform = lists["platform"] ?? []
        let targets = text.matches(of: #/(?m)^    shared\(\s*"(\w+)"(?:,\s*\[([^\]]*)\])?/#).map {
            (String($0.1), Self.names($0.2 ?? ""))
        }
        modules = Dictionary(uniqueKeysWithValues: targets)
        services = text.matches(
            of: #/ServiceTargets\(\s*"(\w+)", module: "\w+", executable: "([a-z-]+)",\s*([^()]*)\)/#
        ).map { match in
            let words = match.3.replacing(#/"\w+"/#, with: "").matches(of: #/\w+/#).map { String($0.0) }
            return Service(
                folder: String(match.1), executable: String(match.2),
                own: words.reduce(Self.names(match.3)) { $0.union(lists[$1] ?? []) })
        }
    }

    private static func names(_ text: Substring) -> Set<String> {
        Set(text.matches(of: #/"(\w+)"/#).map { String($0.1) })
    }

    /// All modules that are linked with these.
    func closure(_ names: Set<String>) -> Set<String> {
        var found: Set<String> = []
        var open = Array(names)
        while let name = open.popLast() {
            if found.insert(name).inserted { open += modules[name] ?? [] }
        }
        return found
    }

    /// All modules that are linked into the executable of a service.
    func closure(of service: String) -> Set<String>? {
        services.first { $0.executable == "automata-\(service)" }.map { closure(platform.union($0.own)) }
    }
}
