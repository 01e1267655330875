import ArgumentParser
import Contracts
import Foundations

/// Names one object of the catalogue.
struct CatalogueReference: ParsableArguments {
    @Argument(help: "The kind: \(CatalogueReference.kinds).") var kind: String
    @Argument(help: "COMPANY/PROJECT, COMPANY, or - for the platform.") var place: String

    static var kinds: String { Catalogue.kinds.map { $0.kind }.joined(separator: ", ") }

    func validate() throws { _ = try address() }

    func address() throws -> TaskAddress { try TaskAddress(place: place) }
}

/// `automata define`
struct DefineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "define", abstract: "Defines a project, settings or limits, from a file or from flags.",
        discussion: """
            A file replaces what is defined. Without one, flags change what is defined: \
            automata define project acme/web --set repository.remote_url=https://git.example.com/web.git \
            --token-variable GIT_TOKEN
            """)

    @OptionGroup var options: ClientOptions
    @OptionGroup var reference: CatalogueReference
    @Argument(help: "The spec as JSON or YAML; - reads standard input.") var file: String?
    @Option(
        name: .long, help: "FIELD=VALUE, such as status=paused or worker_concurrency.coder=8; null takes a field away.")
    var set: [String] = []
    @Option(name: .long, help: "The variable of the environment that holds an access token for the repository.")
    var tokenVariable: String?
    @OptionGroup var actor: ActorOption
    @Flag(name: .long, help: "Print JSON.") var json = false

    func validate() throws {
        guard file != nil || !set.isEmpty || tokenVariable != nil else {
            throw ValidationError("expected a file, --set or --token-variable")
        }
        _ = try fields()
    }

    func run() async throws {
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let address = try reference.address()
            var spec = try file.map(InputFile.read)
            if spec == nil { spec = try await client.spec(reference.kind, address) }
            let request = DefineRequest(reference.kind, try changed(spec ?? [:]), actor: actor.name)
            let answer = try await client.ask(address, .define, request.json)
            guard !json else { return try Output.json(.object(answer)) }
            let version = answer["version"]?.intValue ?? 0
            Output.line(answer["created"] == true ? "version \(version)" : "version \(version), as it was")
        }
    }

    /// The spec with what the flags say over it.
    func changed(_ base: JSONValue) throws -> JSONValue {
        var spec = base
        for (field, value) in try fields() { spec.set(field.split(separator: ".").map(String.init), value) }
        if let tokenVariable { try spec.setToken(tokenVariable) }
        return spec
    }

    /// What reads as JSON is that; anything else is text.
    private func fields() throws -> [String: JSONValue] {
        try set.fields(of: "--set") { (try? JSONValue(parsing: $0)) ?? .string($0) }
    }
}

/// `automata describe`
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Shows a project, settings or limits; of credentials only that there are some.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var reference: CatalogueReference
    @Option(name: .long, help: "An earlier version.") var version: Int?
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let request = DescribeRequest(reference.kind, version: version)
            let answer = JSONValue.object(
                try await client.ask(try reference.address(), .describe, request.json))
            guard !json else { return try Output.json(answer) }
            let description: CatalogueDescription = try answer.decode()
            let actor = description.createdBy.map { ", by \($0)" } ?? ""
            let time = description.createdAt.map { ", \(Timestamp.text($0))" } ?? ""
            Output.line("\(description.kind) \(description.name), version \(description.version)\(actor)\(time)")
            try Output.json(description.spec)
        }
    }
}

/// `automata list`
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists projects, settings or limits, those that were defined last first.")

    @OptionGroup var options: ClientOptions
    @Argument(help: "The kind: \(CatalogueReference.kinds).") var kind: String
    @Argument(help: "COMPANY (default: the platform, for operators).") var place: String?
    @Option(name: .long, help: "FIELD=VALUE, such as status=active; may be repeated.") var filter: [String] = []
    @Option(name: .long, help: "The page that this cursor leads to.") var cursor: String?
    @Option(name: .long, help: "Items of the page, 1 to \(QueryRequest.maximumLimit).") var limit = 50
    @Flag(name: .long, help: "Print one document of JSON: the items, and the cursor of the next page.") var json = false

    func validate() throws {
        _ = try TaskAddress(place: place ?? "-")
        _ = try fields()
    }

    func run() async throws {
        var request = ListRequest(kind, filter: try fields(), limit: limit)
        request.query.cursor = cursor
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let page = QueryPage(try await client.ask(try TaskAddress(place: place ?? "-"), .list, request.json))
            guard !json else { return try Output.json(.object(page.fields)) }
            for item in page.items {
                Output.line(
                    "\(item.text("name"))  version \(item["version"]?.intValue ?? 0)  of \(item.text("company_id"))")
            }
            if let cursor = page.cursor { Output.error("more: --cursor '\(cursor)'") }
        }
    }

    private func fields() throws -> [String: JSONValue] { try filter.fields(of: "--filter", JSONValue.string) }
}

/// `automata remove`
struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Removes a project, settings or limits. Tasks that there are go on.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var reference: CatalogueReference
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() async throws {
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            let answer = try await client.ask(
                try reference.address(), .remove, RemoveRequest(reference.kind).json)
            guard !json else { return try Output.json(.object(answer)) }
            Output.line("removed")
        }
    }
}
