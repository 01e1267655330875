@testable import Sandbox

/// Runs a filter as the kernel does.
struct FilterMachine {
    enum Verdict: Equatable {
        case allowed, killed
        case refused(Int32)
        /// The program ran off its end or holds what the kernel does not take.
        case broken
    }

    let program: [FilterInstruction]

    func verdict(_ number: UInt32, _ arguments: [UInt64] = [], architecture: UInt32) -> Verdict {
        var place = 0
        var value: UInt32 = 0
        while place < program.count {
            let step = program[place]
            place += 1
            switch step.code {
            case 0x20: value = load(step.operand, number, arguments, architecture)
            case 0x15: place += Int(value == step.operand ? step.whenTrue : step.whenFalse)
            case 0x25: place += Int(value > step.operand ? step.whenTrue : step.whenFalse)
            case 0x45: place += Int(value & step.operand != 0 ? step.whenTrue : step.whenFalse)
            case 0x06: return Self.verdict(step.operand)
            default: return .broken
            }
        }
        return .broken
    }

    private func load(_ offset: UInt32, _ number: UInt32, _ arguments: [UInt64], _ architecture: UInt32) -> UInt32 {
        guard offset >= 16 else { return offset == 0 ? number : architecture }
        let index = Int(offset - 16) / 8
        let argument = index < arguments.count ? arguments[index] : 0
        return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
    }

    private static func verdict(_ operand: UInt32) -> Verdict {
        switch operand & 0xFFFF_0000 {
        case 0x7FFF_0000: .allowed
        case 0x8000_0000: .killed
        case 0x0005_0000: .refused(Int32(operand & 0xFFFF))
        default: .broken
        }
    }
}
