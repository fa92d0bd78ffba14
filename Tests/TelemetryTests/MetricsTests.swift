import Testing

@testable import Telemetry

@Suite struct MetricsTests {
    private let requests = MetricFamily("test_requests_total", .counter, labels: ["route", "code"], help: "Requests \\ with\na break.")
    private let load = MetricFamily("test_load", .gauge, help: "Load.")
    private let wait = MetricFamily("test_wait_seconds", .histogram(bounds: [0.1, 1]), help: "Wait.")

    @Test func rendersThePrometheusFormat() {
        let metrics = Metrics([load])
        metrics.counter(requests, "/a\"b", "200").add(3)
        metrics.counter(requests, "/a\"b", "200").add()
        metrics.gauge(load).set(0.25)
        metrics.histogram(wait).observe(0.1, times: 2)
        metrics.histogram(wait).observe(0.5)
        metrics.histogram(wait).observe(7)
        let expected = #"""
            # HELP test_load Load.
            # TYPE test_load gauge
            test_load 0.25
            # HELP test_requests_total Requests \\ with\na break.
            # TYPE test_requests_total counter
            test_requests_total{route="/a\"b",code="200"} 4
            # HELP test_wait_seconds Wait.
            # TYPE test_wait_seconds histogram
            test_wait_seconds_bucket{le="0.1"} 2
            test_wait_seconds_bucket{le="1"} 3
            test_wait_seconds_bucket{le="+Inf"} 4
            test_wait_seconds_sum 7.7
            test_wait_seconds_count 4

            """#
        #expect(PrometheusText.render(metrics.snapshot()) == expected)
    }

    @Test func familiesWithoutASeriesAreLeftOut() {
        #expect(PrometheusText.render(Metrics([requests]).snapshot()).isEmpty)
        #expect(PrometheusText.render(Metrics([load]).snapshot()).contains("test_load 0\n"))
    }

    @Test func labelValuesAreBounded() {
        let metrics = Metrics([])
        for index in 0..<1000 { metrics.counter(requests, "/\(index)", "200").add() }
        let series = metrics.snapshot()[0].series
        #expect(series.count == Metrics.mostSeries + 1)
        #expect(series.first { $0.labels == ["other", "other"] }?.value == .counter(Int64(1000 - Metrics.mostSeries)))
    }

    @Test func countersNeverFall() {
        let counter = Metrics([]).counter(requests, "a", "b")
        counter.add(2)
        counter.add(-1)
        #expect(counter.value == 2)
    }

    @Test func talliesMerge() {
        var tally = HistogramTally(bounds: [0.1, 1])
        tally.observe(0.05, times: 10)
        tally.observe(.nan)
        let histogram = Metrics([]).histogram(wait)
        histogram.merge(tally)
        histogram.merge(HistogramTally(bounds: [5]))
        tally.observe(2)
        histogram.merge(tally)
        #expect(histogram.tally.counts == [20, 0, 1])
        tally.clear()
        #expect(tally == HistogramTally(bounds: [0.1, 1]))
    }

    @Test func namesOfTheCatalogFollowTheConventions() {
        let families = MetricFamily.ofRuntime
        #expect(Set(families.map(\.name)).count == families.count)
        for family in families {
            #expect(family.name.hasPrefix("purser_"))
            #expect((family.kind == .counter) == family.name.hasSuffix("_total"), "\(family.name)")
            #expect(!family.labels.contains { $0.contains("id") }, "\(family.name)")
        }
    }
}
