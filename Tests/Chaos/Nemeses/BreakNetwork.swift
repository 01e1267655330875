/// Breaks the connections between services and a server, in one way after the other.
struct BreakNetwork: Nemesis {
    let proxy: TCPProxy
    let name: String
    let rest = 0.3...1.5
    let hold = 0.3...3.0

    /// - Parameter server: Its name, for people.
    init(_ proxy: TCPProxy, to server: String) {
        self.proxy = proxy
        name = "BreakNetwork to \(server)"
    }

    func inject(_ random: inout SeededGenerator) async throws {
        let delay = Duration.milliseconds(Int.random(in: 5...100, using: &random))
        let modes: [TCPProxy.Mode] = [.delay(delay), .cut, .stall, .refuse]
        if let mode = modes.randomElement(using: &random) { proxy.set(mode) }
    }

    func heal() async throws { proxy.set(.pass) }
}
