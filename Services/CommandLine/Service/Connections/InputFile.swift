import Contracts
import Foundation
import Foundations
import TaskFiles

/// What people write for the platform.
enum InputFile {
    /// What a file of JSON or YAML says; `-` is standard input.
    static func read(_ file: String) throws -> JSONValue {
        let data = try content(file)
        if let json = try? JSONValue(parsing: data) { return json }
        do {
            return try YAMLDocument(String(decoding: data, as: UTF8.self)).value
        } catch {
            throw Failure("\(file) is neither JSON nor YAML: \(error)", Exit.refused)
        }
    }

    /// The tasks of a file.
    ///
    /// - Parameter project: Of those that name none.
    static func tasks(_ file: String, of project: TaskAddress) throws -> TaskFile {
        do {
            return try TaskFile(try content(file), project: project)
        } catch let error as DocumentError {
            throw Failure("\(file): \(error)", Exit.refused)
        }
    }

    private static func content(_ file: String) throws -> Data {
        let data: Data? =
            file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
        guard let data else { throw Failure("\(file) cannot be read", Exit.notFound) }
        return data
    }
}

extension JSONValue {
    /// Sets a member of nested objects, which are made where they are missing.
    mutating func set(_ path: [String], _ value: JSONValue) {
        guard let first = path.first else {
            self = value
            return
        }
        var members = objectValue ?? [:]
        var child = members[first] ?? .object([:])
        child.set(Array(path.dropFirst()), value)
        members[first] = child
        self = .object(members)
    }

    /// Gives the repository the access token that a variable of the environment holds.
    mutating func setToken(_ variable: String) throws {
        guard let token = ProcessInfo.processInfo.environment[variable], !token.isEmpty else {
            throw Failure("--token-variable: \(variable) is not set", Exit.settings)
        }
        set(["repository", "credentials"], ["credential_type": "access_token", "access_token": .string(token)])
    }
}
