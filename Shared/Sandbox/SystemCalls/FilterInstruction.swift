/// One instruction of the kernel's classic BPF, as `seccomp` runs it.
struct FilterInstruction: Sendable, Hashable {
    let code: UInt16
    /// Instructions to skip when a comparison holds, and when it does not.
    let whenTrue: UInt8
    let whenFalse: UInt8
    let operand: UInt32

    /// Bytes of an instruction.
    static let size = 8

    private init(_ code: UInt16, _ operand: UInt32, whenTrue: UInt8 = 0, whenFalse: UInt8 = 0) {
        self.code = code
        self.operand = operand
        self.whenTrue = whenTrue
        self.whenFalse = whenFalse
    }

    // MARK: What `struct seccomp_data` holds

    static let loadNumber = Self(0x20, 0)
    static let loadArchitecture = Self(0x20, 4)
    /// The lower half of an argument: all that the kernel looks at where it takes an `int`.
    static func loadLow(_ argument: UInt32) -> Self { Self(0x20, 16 + 8 * argument) }
    static func loadHigh(_ argument: UInt32) -> Self { Self(0x20, 20 + 8 * argument) }

    // MARK: Comparisons

    static func equal(_ value: UInt32, skip: UInt8 = 0, otherwise: UInt8 = 0) -> Self {
        Self(0x15, value, whenTrue: skip, whenFalse: otherwise)
    }
    static func above(_ value: UInt32, skip: UInt8 = 0, otherwise: UInt8 = 0) -> Self {
        Self(0x25, value, whenTrue: skip, whenFalse: otherwise)
    }
    static func anyBit(_ mask: UInt32, skip: UInt8 = 0, otherwise: UInt8 = 0) -> Self {
        Self(0x45, mask, whenTrue: skip, whenFalse: otherwise)
    }

    // MARK: Verdicts

    static let allow = Self(0x06, 0x7FFF_0000)
    static let killProcess = Self(0x06, 0x8000_0000)
    static func refuse(_ error: Int32) -> Self { Self(0x06, 0x0005_0000 | UInt32(truncatingIfNeeded: error & 0xFFF)) }

    /// As the kernel reads it on a little-endian machine.
    var bytes: [UInt8] {
        [UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8), whenTrue, whenFalse]
            + (0..<4).map { UInt8(truncatingIfNeeded: operand >> (8 * UInt32($0))) }
    }
}
