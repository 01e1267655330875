extension Runner {
    static let go = [Runner("go") { GoReader() }]
}
