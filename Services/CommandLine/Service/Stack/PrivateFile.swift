import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Files and folders that only their owner may read.
enum PrivateFile {
    /// Writes a file as a whole: it is never there in part, nor for a moment in the reach of others.
    static func write(_ data: Data = Data(), to path: String) throws {
        let new = "\(path).new"
        unlink(new)
        let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("\(path) cannot be written", Exit.settings) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: data)
        try file.close()
        guard rename(new, path) == 0 else { throw Failure("\(path) cannot be written", Exit.settings) }
    }

    /// Whether it belongs to this account: another could put its own files into the place of ours.
    static func isOwn(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_uid == geteuid()
    }

    /// Makes a folder that is closed to others, or that they may only pass through.
    static func createFolder(_ path: String, isPassage: Bool = false) throws {
        let mode: [FileAttributeKey: Any] = [.posixPermissions: isPassage ? 0o711 : 0o700]
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: mode)
        try FileManager.default.setAttributes(mode, ofItemAtPath: path)
    }
}
