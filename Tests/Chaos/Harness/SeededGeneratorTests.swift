import Testing

@Suite struct SeededGeneratorTests {
    private func numbers(_ seed: UInt64, _ stream: String) -> [UInt64] {
        var generator = SeededGenerator(seed: seed, stream: stream)
        return (0..<16).map { _ in generator.next() }
    }

    @Test func `a seed gives the same choices again, and each stream choices of its own`() {
        #expect(numbers(7, "load") == numbers(7, "load"))
        #expect(numbers(7, "load") != numbers(8, "load"))
        #expect(numbers(7, "load") != numbers(7, "kills"))
    }
}
