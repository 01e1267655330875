import Testing

@testable import TaskStore

/// Whether work goes on, as a value.
@Suite struct StandingTests {
    @Test(arguments: Standing.allCases)
    func `whoever resumes has work go on, whatever held it`(_ standing: Standing) {
        #expect(standing.after(.resume) == .going)
    }

    @Test(arguments: Standing.allCases, Standing.Cause.allCases)
    func `what is asked for twice is done once`(_ standing: Standing, _ cause: Standing.Cause) {
        let once = standing.after(cause)
        #expect(once.after(cause) == once)
    }

    @Test func `a checkpoint is reached when nothing runs, and by nothing else`() {
        #expect(Standing.going.after(.checkpoint).after(.rest) == .reached)
        #expect(Standing.paused.after(.checkpoint).after(.rest) == .reached)
        #expect(Standing.halting.after(.pause) == .halting && Standing.reached.after(.pause) == .reached)
        for standing in Standing.allCases where standing != .halting {
            #expect(standing.after(.rest) == standing)
        }
    }
}
