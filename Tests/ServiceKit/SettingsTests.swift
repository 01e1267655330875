import Contracts
import Cryptography
import Foundations
import ServiceKit
import Testing

@Suite struct SettingsTests {
    private let database = ["DATABASE_URL": "postgresql://user:hunter2@127.0.0.1/x"]

    private func settings(_ values: [String: String], of service: ServiceKind? = nil) throws -> ServiceSettings {
        try ServiceSettings(SettingsSource(values: database.merging(values) { $1 }, of: service))
    }

    @Test func `what is not given has its documented default`() throws {
        let settings = try settings([:])
        #expect(settings.subjects.prefix == "automata.workflows")
        #expect(settings.lease == .seconds(30))
        #expect(settings.stages?.concurrency == 4)
        #expect(settings.healthPort == nil)
        #expect(settings.keys.sealing == nil)
    }

    @Test(arguments: [
        ("LEASE_SECONDS", "0", "LEASE_SECONDS: expected 1…3600, got 0"),
        ("LEASE_SECONDS", "soon", "LEASE_SECONDS: expected 1…3600, got soon"),
        ("WORKER_CONCURRENCY", "-1", "WORKER_CONCURRENCY: expected 1…10000, got -1"),
        ("REPOSITORY_ALLOW_LOCAL", "perhaps", "REPOSITORY_ALLOW_LOCAL: expected true or false, got perhaps"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT: expected one of text, json, got xml"),
        ("HEALTH_PORT", "70000", "HEALTH_PORT: expected 0…65535"),
        (
            "NATS_SUBJECT_PREFIX", "a..b",
            "NATS_SUBJECT_PREFIX: expected 1…8 tokens of [A-Za-z0-9_-] joined by dots"
        ),
    ])
    func `a bad value is named with what was expected`(_ name: String, _ value: String, _ message: String) throws {
        let error = #expect(throws: SettingsError.self) { try settings([name: value]) }
        #expect(error?.description == message)
    }

    @Test func `a missing database is named`() throws {
        let error = #expect(throws: SettingsError.self) { try ServiceSettings(SettingsSource(values: [:])) }
        #expect(error?.description == "DATABASE_URL: missing")
    }

    @Test func `an alias stands in for a setting, an empty text for none`() throws {
        let source = SettingsSource(values: ["ELIXIR_WEBHOOK_URL": "http://127.0.0.1/x", "MODEL_NAME": ""])
        #expect(try source.text(.webhookURL) == "http://127.0.0.1/x")
        #expect(try source.text(.modelName) == nil)
    }

    @Test func `a bad key is refused without being shown`() throws {
        let error = #expect(throws: SettingsError.self) { try settings(["AUTOMATA_MASTER_KEY": "hunter2"]) }
        #expect(error?.description.contains("AUTOMATA_MASTER_KEY") == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func `the secrets among the settings are known for redaction, the address of the database too`() throws {
        // Also where the service has no use for them.
        let redactor = Redactor(try settings(["OPENAI_API_KEY": "sk-marker"], of: .notifier).source.secrets)
        #expect(
            redactor.redact("a sk-marker b postgresql://user:hunter2@127.0.0.1/x c") == "a <redacted> b <redacted> c")
    }

    @Test(arguments: ServiceKind.allCases)
    func `a service comes to the settings of its row, and to no other`(_ service: ServiceKind) throws {
        let values = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.name, "given") })
        let source = SettingsSource(values: values, of: service)
        for setting in Setting.all {
            guard service.settings.contains(setting) else {
                let error = #expect(throws: SettingsError.self, "\(setting.name)") { try source.text(setting) }
                #expect(error?.setting == setting.name)
                continue
            }
            #expect(try source.text(setting) == "given")
        }
    }

    @Test(arguments: ServiceKind.allCases)
    func `what is set and not of its row gives a service neither keys nor stages`(_ service: ServiceKind) throws {
        let master = KeyRing.newMasterKey()
        let all = try KeyRing([.masterKey: master]).exported.merging([.masterKey: master]) { $1 }
        let values = Dictionary(uniqueKeysWithValues: all.map { ($0.key.name, $0.value.reveal()) })
        let settings = try settings(values, of: service)
        #expect((settings.stages != nil) == !service.row.kinds.isEmpty)
        let holdsKeys = [ServiceKind.planner, .validator, .pusher].contains(service)
        #expect((settings.keys.sealing != nil) == holdsKeys)
        #expect((settings.keys.verifying != nil) == holdsKeys)
    }

    @Test(arguments: ServiceKind.allCases)
    func `the help lists the settings that a service reads, each once`(_ service: ServiceKind) {
        let lines = service.settingsHelp.split(separator: "\n")
        #expect(lines.map { $0.split(separator: " ").first.map(String.init) } == service.settings.map(\.name))
    }
}
