import Foundation

/// One kind of fault. It strikes again and again during a run, and heals before the next strike and before the end.
protocol Nemesis: Sendable {
    /// For people, and for the choices of the seed.
    var name: String { get }
    /// How long it waits before a strike.
    var rest: ClosedRange<Double> { get }
    /// How long a strike lasts, in seconds.
    var hold: ClosedRange<Double> { get }
    /// Breaks something.
    func inject(_ random: inout SeededGenerator) async throws
    /// Mends what the last strike broke.
    func heal() async throws
}

extension Nemesis {
    var name: String { "\(Self.self)" }
    var rest: ClosedRange<Double> { 1...3 }
    var hold: ClosedRange<Double> { 0...0 }
    func heal() async throws {}
}

/// Breaks nothing: the yardstick.
struct NoFault: Nemesis {
    func inject(_ random: inout SeededGenerator) async throws {}
}
