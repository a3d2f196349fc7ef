import CoreMetrics
import EnterpriseAuthPortal
import Testing

@Suite("Metrics for Prometheus")
struct PrometheusRegistryTests {
    @Test("are written by name, with their kinds and what they mean")
    func text() {
        let registry = PrometheusRegistry(help: ["logins_total": "How logins ended.\nAll of them."])
        let factory: any MetricsFactory = registry
        Counter(label: "logins_total", dimensions: [("outcome", "success")], factory: factory).increment(by: 2)
        Counter(label: "logins_total", dimensions: [("outcome", "success")], factory: factory).increment()
        Counter(label: "logins_total", dimensions: [("outcome", "refused")], factory: factory).increment()
        Gauge(label: "sessions", factory: factory).record(7)
        Meter(label: "free", factory: factory).set(1.5)
        #expect(
            registry.text() == #"""
                # TYPE free gauge
                free 1.5
                # HELP logins_total How logins ended.\nAll of them.
                # TYPE logins_total counter
                logins_total{outcome="refused"} 1
                logins_total{outcome="success"} 3
                # TYPE sessions gauge
                sessions 7

                """#
        )
    }

    @Test("count what was timed in seconds, each limit with all below it")
    func timers() {
        let registry = PrometheusRegistry()
        let timer = Timer(label: "search_duration", dimensions: [("server", "a")], factory: registry)
        for milliseconds in [1, 3, 3, 20_000] { timer.recordMilliseconds(milliseconds) }
        let lines = registry.text().split(separator: "\n").map(String.init)
        for line in [
            "# TYPE search_duration_seconds histogram",
            #"search_duration_seconds_bucket{server="a",le="0.0001"} 0"#,
            #"search_duration_seconds_bucket{server="a",le="0.001"} 1"#,
            #"search_duration_seconds_bucket{server="a",le="0.005"} 3"#,
            #"search_duration_seconds_bucket{server="a",le="10"} 3"#,
            #"search_duration_seconds_bucket{server="a",le="+Inf"} 4"#,
            #"search_duration_seconds_sum{server="a"} 20.007"#, #"search_duration_seconds_count{server="a"} 4"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test("cannot be broken by names and values")
    func escaping() {
        let registry = PrometheusRegistry()
        let value = "ldap://x\"\n\\y"
        Counter(label: "hb.requests-1", dimensions: [("9 server", value)], factory: registry).increment()
        #expect(
            registry.text() == """
                # TYPE hb_requests_1 counter
                hb_requests_1{__server="ldap://x\\"\\n\\\\y"} 1

                """
        )
    }

    @Test("show the first of two kinds under one name")
    func twoKinds() {
        let registry = PrometheusRegistry()
        Counter(label: "x", factory: registry).increment()
        Gauge(label: "x", factory: registry).record(5)
        #expect(registry.text() == "# TYPE x counter\nx 1\n")
    }
}
