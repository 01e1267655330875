import Contracts
import Foundation
import Foundations
import Testing

@Suite struct ProjectSettingsTests {
    private func read(_ text: String) throws -> ProjectSettings { try ProjectSettings(decoding: Data(text.utf8)) }

    @Test func `a repository names its validation and the folders of its tools`() throws {
        let settings = try read(
            """
            validation:
              commands: [make lint, make test]
              setup:
                - npm ci
              fetch: [registry.npmjs.org, "*.example.com"]
            tool_paths:
              - ~/.nvm/versions/node/v20.11.1/bin
              - /opt/x/bin
            """)
        #expect(settings.commands == ["make lint", "make test"])
        #expect(settings.setup.commands == ["npm ci"])
        #expect(settings.setup.hosts.map(\.description) == ["registry.npmjs.org", "*.example.com"])
        #expect(settings.toolPaths == ["~/.nvm/versions/node/v20.11.1/bin", "/opt/x/bin"])
        #expect(try read("# nothing yet\n") == ProjectSettings() && read("validation:\n") == ProjectSettings())
    }

    @Test(arguments: [
        ("validate: x", "validate: there is no such field; the fields here are validation, tool_paths"),
        ("validation:\n  command: x", "validation.command: there is no such field"),
        ("validation:\n  commands: make test", "validation.commands: expected a list"),
        ("validation:\n  commands:\n    - ' '", "validation.commands[0]: empty"),
        ("validation:\n  setup: npm ci", "validation.setup: expected a list"),
        ("validation:\n  setup: [' ']", "validation.setup[0]: empty"),
        ("validation:\n  fetch: [\"https://pypi.org/simple\"]", "validation.fetch[0]: expected the name of a host"),
        ("validation:\n  fetch: ['*']", "validation.fetch[0]: expected the name of a host"),
        ("validation: x", "validation: expected an object"),
        ("tool_paths: [bin]", "tool_paths[0]: expected an absolute"),
        ("tool_paths: [/x/../etc]", "tool_paths[0]: expected an absolute"),
        ("tool_paths:\n  - '/x:/y'", "tool_paths[0]: expected an absolute"), ("a: *b", "line 1: "),
        ("a: b", "a: there is no such field"),
    ])
    func `anything else is refused by field or line`(text: String, reason: String) {
        let error = #expect(throws: FieldError.self) { try read(text) }
        #expect(error?.description.hasPrefix(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `of the setup, too, what the request says goes before what the repository says`() throws {
        let settings = try read("validation:\n  setup: [npm ci]\n  fetch: [a.example]\n")
        var request = Sample.minimalRequest
        #expect(settings.setup(of: request) == settings.setup)
        request.validation.setup.commands = ["make deps"]
        #expect(settings.setup(of: request).commands == ["make deps"])
        #expect(settings.setup(of: request).hosts == settings.setup.hosts)
        #expect(try ValidationSettings(FieldReader(request.validation.json)) == request.validation)
    }

    @Test func `the request's commands go before the repository's`() throws {
        let settings = ProjectSettings(commands: ["make test"])
        var request = Sample.minimalRequest
        #expect(settings.commands(of: request) == ["make test"])
        request.validation.commands = ["make check"]
        #expect(settings.commands(of: request) == ["make check"])
    }
}
