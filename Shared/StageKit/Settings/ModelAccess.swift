import Foundations
import LanguageModels
import ServiceKit
import Transfer

/// The language models of a service, as its settings name them.
package enum ModelAccess {
    /// The model for the whole process; each request names the one it wants. Its calls are counted. Throws
    /// ``SettingsError`` where the settings lead to none.
    package static func model(_ service: ServiceContext) throws -> any ChatModel {
        let source = service.settings.source
        do {
            return MeteredModel(
                model: try modelSettings(source).makeModel(client: HTTPClient()),
                defaultName: try source.text("MODEL_NAME") ?? "default", metrics: service.metrics)
        } catch let error as ModelSettingsError {
            throw SettingsError("MODEL_TYPE", "\(error)")
        }
    }

    /// The settings of models alone.
    package static func modelSettings(_ source: SettingsSource) throws -> ModelSettings {
        let values = try Setting.all.reduce(into: [String: String]()) { values, setting in
            values[setting.name] = try source.text(setting.name)
        }
        return ModelSettings { values[$0] }
    }
}
