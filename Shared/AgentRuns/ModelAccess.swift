import Agent
import Contracts
import FoundationEssentials
import Foundations
import LanguageModels
import Logging
import ServiceKit
import TaskStore
import Transfer

/// The language models of a service, as its settings name them.
package enum ModelAccess {
    /// The model for the whole process; each request names the one it wants. Its calls are counted, those that failed
    /// are recorded, and what it learns of its provider is logged. Throws ``SettingsError`` where the settings lead to
    /// none.
    package static func model(_ service: ServiceContext) throws -> any ChatModel {
        let source = service.settings.source
        do {
            let model = try modelSettings(source).makeModel(
                client: HTTPClient(),
                notice: { [logger = service.logger] notice in
                    logger.notice("model", metadata: ["notice": "\(notice)"])
                }, keepReply: ReplyFolder(service).keep, failed: { await note($0, service) })
            return MeteredModel(
                model: model, defaultName: try source.text(.modelName) ?? "default", metrics: service.metrics)
        } catch let error as ModelSettingsError {
            throw SettingsError(error.variable, error.problem)
        }
    }

    /// A record that is away keeps nobody from asking again.
    private static func note(_ failure: ModelFailure, _ service: ServiceContext) async {
        do {
            try await service.store.noteModelFailure(
                of: failure.model, code: failure.error.code.rawValue, error: failure.error.message)
        } catch {
            service.logger.warning(
                "a model's failure was not recorded", metadata: ["model": "\(failure.model)", "error": "\(error)"])
        }
    }

    /// The settings of models alone.
    package static func modelSettings(_ source: SettingsSource) throws -> ModelSettings {
        let values = try Setting.models.reduce(into: [String: String]()) { values, setting in
            values[setting.name] = try source.text(setting)
        }
        return ModelSettings(
            { values[$0] },
            read: { path in
                (try? Data(contentsOf: URL(fileURLWithPath: path))).map { String(decoding: $0, as: UTF8.self) }
            })
    }

    /// The limits of a conversation with `model`; empty is the configured one. What they say of its window holds from
    /// the conversation's start, see ``ConversationPrompts``.
    package static func limits(
        _ source: SettingsSource, model: String, maxIterations: Int, maxCostUSD: Double?, contextTokens: Int? = nil
    ) throws -> ConversationLimits {
        let settings = try modelSettings(source)
        let window = contextTokens ?? (try? settings.resolve(model: model).first)?.contextTokens
        return ConversationLimits(
            maxIterations: maxIterations, maxCostUSD: maxCostUSD,
            contextTokens: window ?? ConversationLimits().contextTokens,
            refusesUnpriced: settings.unknownPrice == .refuse)
    }

    /// The window of `model` as the settings have it now.
    package static func contextTokens(_ source: SettingsSource, model: String) -> Int? {
        (try? modelSettings(source).resolve(model: model).first)?.contextTokens
    }

    /// How long a call may take in all, where the operator set it: the last one starts within the limit for retries.
    package static func longestCall(_ source: SettingsSource) -> Duration {
        guard source.reads(.modelTimeout), (try? source.given(.modelTimeout)) != nil,
            let settings = try? modelSettings(source)
        else { return .zero }
        return settings.timeout.whole + RetryingModel.Policy().deadline
    }
}
