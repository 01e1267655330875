import Contracts
import PlatformSupport
import ScriptedModelServer

extension Platform {
    /// The platform that most tests share; started when it is first needed, gone with this process.
    static func shared() async throws -> Platform { try await SharedPlatform.instance.platform() }
}

private actor SharedPlatform {
    static let instance = SharedPlatform()
    private var starting: Task<Platform, any Error>?

    func platform() async throws -> Platform {
        let task =
            starting
            ?? Task {
                let field = try FieldTests.script()
                var settings = PlatformSettings(roles: field.roles + Scripts.all)
                settings.refusals = field.refusals
                settings.kinds = ServiceKind.allCases
                let platform = try await Platform(settings)
                ExitCleanup.add(platform)
                return platform
            }
        starting = task
        return try await task.value
    }
}
