import Glibc

/// A system call that commands may not make, or not with certain arguments.
struct SystemCallRule: Sendable {
    /// When it is refused. Arguments count from 0.
    enum Condition: Sendable {
        case always
        case anyBit(_ mask: UInt32, argument: UInt32)
        case among([UInt32], argument: UInt32)
        case notAmong([UInt32], argument: UInt32)
        case above(_ limit: UInt32, argument: UInt32)
    }

    /// The number on each architecture; `nil` where it does not exist.
    let x86: UInt32?
    let arm: UInt32?
    let condition: Condition
    let error: Int32

    init(x86: UInt32?, arm: UInt32?, _ condition: Condition = .always, error: Int32 = EPERM) {
        self.x86 = x86
        self.arm = arm
        self.condition = condition
        self.error = error
    }

    /// A call that is young enough to have one number everywhere.
    init(_ number: UInt32, error: Int32 = EPERM) {
        self.init(x86: number, arm: number, error: error)
    }

    func number(on architecture: Architecture) -> UInt32? {
        switch architecture {
        case .x86: x86
        case .arm: arm
        }
    }

    /// Looks at a number that is loaded: goes on behind these instructions if it is another, ends with a verdict if not.
    func instructions(on architecture: Architecture) -> [FilterInstruction] {
        guard let number = number(on: architecture) else { return [] }
        let verdict = verdict
        return [.equal(number, otherwise: UInt8(clamping: verdict.count))] + verdict
    }

    private var verdict: [FilterInstruction] {
        switch condition {
        case .always: [.refuse(error)]
        case .anyBit(let mask, let argument):
            [.loadLow(argument), .anyBit(mask, otherwise: 1), .refuse(error), .allow]
        case .among(let values, let argument):
            [.loadLow(argument)] + Self.find(values) + [.allow, .refuse(error)]
        case .notAmong(let values, let argument):
            [.loadLow(argument)] + Self.find(values) + [.refuse(error), .allow]
        case .above(let limit, let argument):
            [
                .loadHigh(argument), .equal(0, otherwise: 2), .loadLow(argument), .above(limit, otherwise: 1),
                .refuse(error), .allow,
            ]
        }
    }

    /// Skips one instruction behind it if the loaded value is one of `values`.
    private static func find(_ values: [UInt32]) -> [FilterInstruction] {
        values.enumerated().map { index, value in .equal(value, skip: UInt8(clamping: values.count - index)) }
    }
}
