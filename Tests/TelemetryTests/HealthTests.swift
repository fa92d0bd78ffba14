import Testing

@testable import Telemetry

@Suite struct HealthTests {
    @Test func readyWhenEveryPartHasReportedFine() {
        let health = Health(expecting: ["broker", "database"])
        #expect(health.report.isLive)
        #expect(health.report.reasons == ["broker: not checked yet", "database: not checked yet"])
        health.fine("broker")
        health.fine("database")
        #expect(health.report == HealthReport(isLive: true, isReady: true, reasons: []))
        health.trouble("database", "connection refused")
        #expect(health.report == HealthReport(isLive: true, isReady: false, reasons: ["database: connection refused"]))
        health.fine("database")
        health.stopping()
        #expect(health.report == HealthReport(isLive: true, isReady: false, reasons: ["program: stopping"]))
    }

    @Test func notLiveWhenALaneIsStuck() {
        let test = TestLines()
        let health = Health(time: test.time)
        health.beat(lane: 0)
        health.beat(lane: 1)
        test.advance(seconds: 60)
        health.beat(lane: 1)
        test.advance(seconds: 60)
        #expect(health.report.reasons == ["lane 0: its loop does not turn"])
        #expect(!health.report.isLive)
        health.ended(lane: 0)
        #expect(health.report.isLive)
    }
}
