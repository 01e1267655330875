import Foundation

/// Files that only their owner may read.
enum PrivateFile {
    static func write(_ data: Data = Data(), to path: String) throws {
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: path, contents: data, attributes: mode) else {
            throw Failure("\(path) cannot be written", Exit.settings)
        }
    }
}
