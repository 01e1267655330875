import Contracts
import FoundationEssentials
import Foundations

/// What is kept of a refused submission for inspection: its size, and where it stops being JSON or, of JSON, its shape.
///
/// What a secret looks like cannot be told, so nothing is kept that is not known to be harmless: names of the
/// contract's fields, kinds and sizes of their values, the contract's own words, true and false. Of everything else not
/// even the name is kept.
package enum SubmissionExcerpt {
    /// The excerpt as JSON text.
    ///
    /// - Parameter address: What the subject names; ids that are equal to it are kept.
    package static func text(_ body: Data, from address: TaskAddress?) -> String {
        var excerpt: [String: JSONValue] = ["bytes": .int(body.count)]
        do {
            if body.count <= TaskRequest.maximumBytes {
                excerpt["body"] = shape(of: try JSONValue(message: body), fields, words(address))
            }
        } catch {
            excerpt["error"] = .string("\(error)")
        }
        return (try? JSONValue.object(excerpt).text()) ?? ""
    }

    /// The contract's fields, as the value of a request that holds all of them.
    private static let fields: JSONValue = {
        let nobody = TaskAddress(
            company: CompanyID(validated: "-"), project: ProjectID(validated: "-"), task: TaskID(validated: "-"))
        let request = TaskRequest(
            task: TaskSettings(address: nobody, title: ""), repository: RepositorySettings(remoteURL: ""))
        let credentials = Dictionary(
            uniqueKeysWithValues: (["credential_type"] + Credentials.fields).map { ($0, JSONValue.null) })
        return request.json.replacing(["repository", "credentials"], with: .object(credentials))
    }()

    /// The texts that are kept, by the name of their field.
    private static func words(_ address: TaskAddress?) -> [String: [String]] {
        [
            "credential_type": Credentials.Kind.allCases.map(\.rawValue),
            "approval": DeliverySettings.Approval.allCases.map(\.rawValue),
            "mode": AgentSettings.Mode.allCases.map(\.rawValue),
            "company_id": (address?.company.text).map { [$0] } ?? [],
            "project_id": (address?.project.text).map { [$0] } ?? [],
            "id": (address?.task.text).map { [$0] } ?? [],
        ]
    }

    private static func shape(
        of value: JSONValue, _ known: JSONValue?, _ words: [String: [String]], name: String = ""
    ) -> JSONValue {
        switch value {
        case .null, .bool: return value
        case .int, .double: return "a number"
        case .string(let text):
            return words[name]?.contains(text) == true ? value : .string("a string of \(text.utf8.count) bytes")
        case .array(let values): return .string("a list of \(values.count)")
        case .object(let members):
            let fields = known?.objectValue ?? [:]
            var shape: [String: JSONValue] = [:]
            for (name, value) in members {
                if let field = fields[name] { shape[name] = self.shape(of: value, field, words, name: name) }
            }
            let unknown = members.count - shape.count
            if unknown > 0 { shape["…"] = .string("\(unknown) more") }
            return .object(shape)
        }
    }
}

extension JSONValue {
    /// The value with another one at a path of members.
    fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let name = path.first, case .object(var members) = self else { return value }
        members[name] = members[name]?.replacing(path.dropFirst(), with: value)
        return .object(members)
    }
}
