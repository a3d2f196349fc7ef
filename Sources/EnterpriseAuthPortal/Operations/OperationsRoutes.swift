internal import EnterpriseAuthHummingbird
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// What monitoring asks: is the process alive, can people log in, what has been counted.
struct OperationsRoutes: Sendable {
    let parts: PortalParts

    func add(to router: some RouterMethods<BasicLoginRequestContext>) {
        router.get("/healthz") { _, _ in Self.answer("ok\n", "text/plain; charset=utf-8") }
        router.get("/readyz") { [parts] _, _ in
            let readiness = await parts.readiness()
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let json = (try? encoder.encode(readiness)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
            return Self.answer(json + "\n", "application/json", readiness.isReady ? .ok : .serviceUnavailable)
        }
        router.get("/metrics") { [parts] _, _ in
            guard let metrics = parts.metrics else { throw HTTPError(.notFound) }
            return Self.answer(metrics.text(), PrometheusRegistry.contentType)
        }
    }

    private static func answer(
        _ text: String,
        _ type: String,
        _ status: HTTPResponse.Status = .ok
    ) -> Response {
        let headers: HTTPFields = [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
