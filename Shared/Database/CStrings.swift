import Glibc

/// Owns C strings for as long as it lives; the array of pointers ends with a null pointer.
final class CStrings {
    private let copies: [UnsafeMutablePointer<CChar>?]
    var pointers: [UnsafePointer<CChar>?] { copies.map { $0.map { UnsafePointer($0) } } + [nil] }

    init(_ texts: [String]) { copies = texts.map { strdup($0) } }

    deinit { for copy in copies { free(copy) } }
}
