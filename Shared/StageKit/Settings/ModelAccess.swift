import Foundations
import LanguageModels
import ServiceKit
import Transfer

/// The language models of a service, as its settings name them.
package enum ModelAccess {
    /// The model for the whole process; each request names the one it wants. Throws ``SettingsError`` where the
    /// settings lead to none.
    package static func model(_ settings: ServiceSettings) throws -> any ChatModel {
        do {
            return try modelSettings(settings.source).makeModel(client: HTTPClient())
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
