import Testing

@testable import NotifierService

@Suite struct ConsumerWatchTests {
    private let start = ContinuousClock.now

    @Test func `a consumer that is not served for too long begins again where all was acknowledged`() {
        var watch = ConsumerWatch()
        watch.isServed("coder", acknowledged: 7)
        #expect(watch.isSilent("coder", at: start, end: 20) == nil)
        #expect(watch.isSilent("coder", at: start + .seconds(29), end: 40) == nil)
        #expect(watch.isSilent("coder", at: start + .seconds(30), end: 50) == 7)
        // It is made anew, and tried again should that not have helped.
        #expect(watch.isSilent("coder", at: start + .seconds(35), end: 60) == 7)
    }

    @Test func `one that nobody saw well begins where the stream ended when it was first silent`() {
        var watch = ConsumerWatch()
        #expect(watch.isSilent("coder", at: start, end: 20) == nil)
        #expect(watch.isSilent("coder", at: start + .seconds(31), end: 50) == 20)
    }

    @Test func `one that is served again in between has all of the time anew`() {
        var watch = ConsumerWatch()
        #expect(watch.isSilent("coder", at: start, end: 20) == nil)
        watch.isServed("coder", acknowledged: 19)
        #expect(watch.isSilent("coder", at: start + .seconds(31), end: 50) == nil)
        #expect(watch.isSilent("coder", at: start + .seconds(62), end: 60) == 19)
    }

    @Test func `nothing is said of a consumer while the stream is not well`() {
        var watch = ConsumerWatch()
        #expect(watch.isSilent("coder", at: start, end: 20) == nil)
        watch.startOver()
        #expect(watch.isSilent("coder", at: start + .seconds(31), end: 50) == nil)
        #expect(watch.isSilent("coder", at: start + .seconds(61), end: 50) == 20)
    }
}
