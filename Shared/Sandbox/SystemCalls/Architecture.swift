/// A processor architecture whose system calls can be filtered.
enum Architecture: CaseIterable, Sendable {
    case x86, arm

    /// The one that this program runs on; `nil` where there is no table for it.
    static var host: Architecture? {
        #if arch(x86_64)
        .x86
        #elseif arch(arm64)
        .arm
        #else
        nil
        #endif
    }

    /// What the kernel calls it (`AUDIT_ARCH_…`): 64 bits, little-endian. The 32-bit system calls of the same machine
    /// come under another code.
    var auditCode: UInt32 {
        switch self {
        case .x86: 0xC000_003E
        case .arm: 0xC000_00B7
        }
    }
}
