extension Runner {
    static let swift = [
        Runner("swift-testing") { SwiftTestingReader() },
        Runner("xctest") { XCTestReader() },
    ]
}
