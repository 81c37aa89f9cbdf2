import AuditHTTP
import HTTPTypes

extension ServiceContext {
  /// A table of verdicts on all pairs that a team can review.
  private static let maximumImportBytes = 64 << 20
  /// A token: everybody may send one.
  private static let maximumSessionBytes = 8192

  /// All that the service answers; `schemas/openapi.json` describes the same.
  func routes(connections: @escaping @Sendable () -> Int) -> [Route] {
    runRoutes + pairRoutes + serviceRoutes(connections)
  }

  private var runRoutes: [Route] {
    [
      Route(.get, "/v1/runs", query: ["state", "crawl", "limit", "after"], listRuns),
      Route(.post, "/v1/runs", submitRun),
      Route(.get, "/v1/runs/{run}", getRun),
      Route(.post, "/v1/runs/{run}/cancel", cancelRun),
      Route(.post, "/v1/runs/{run}/resume", resumeRun),
      Route(.get, "/v1/runs/{run}/events", isTimed: false, streamEvents),
      Route(.get, "/v1/runs/{run}/history", getHistory),
      Route(.get, "/v1/runs/{run}/mixture", query: ["epoch", "bins"], getMixture),
      Route(.get, "/v1/runs/{run}/estimates", getEstimates),
      Route(.get, "/v1/runs/{run}/rejected", query: ["reason", "limit", "after"], listRejected),
      Route(.get, "/v1/runs/{run}/compare/{other}", query: ["movers"], compareRuns),
    ]
  }

  private var pairRoutes: [Route] {
    [
      Route(
        .get, "/v1/runs/{run}/pairs",
        query: [
          "order", "minRisk", "maxRisk", "safe", "verdict", "q", "reasons", "limit", "after",
        ], listPairs),
      Route(.get, "/v1/runs/{run}/pairs/{key}", query: ["ordinal"], getPair),
      Route(
        .get, "/v1/runs/{run}/pairs/{key}/thumbnail", query: ["ordinal", "edge"], getThumbnail),
      Route(.put, "/v1/runs/{run}/pairs/{key}/verdict", query: ["ordinal"], putVerdict),
      Route(.delete, "/v1/runs/{run}/pairs/{key}/verdict", query: ["ordinal"], deleteVerdict),
      Route(.get, "/v1/runs/{run}/verdicts", query: ["format"], listVerdicts),
      Route(
        .post, "/v1/runs/{run}/verdicts", query: ["from"],
        maximumBodyBytes: Self.maximumImportBytes, importVerdicts),
      Route(
        .get, "/v1/runs/{run}/export", query: ["what", "format", "order", "minRisk", "limit"],
        isTimed: false, exportPairs),
    ]
  }

  private func serviceRoutes(_ connections: @escaping @Sendable () -> Int) -> [Route] {
    let assets = Assets(chartFile: configuration.chartFile)
    let file: Route.Handler = { try assets.response($0.request.head.target.rawPath) }
    return [
      Route(.get, "/healthz", isPublic: true, getHealth),
      Route(.get, "/readyz", isPublic: true, getReadiness),
      Route(.get, "/metrics") { try await getMetrics($0, connections: connections()) },
      Route(
        .post, "/v1/session", isPublic: true, maximumBodyBytes: Self.maximumSessionBytes,
        openSession),
      Route(.delete, "/v1/session", isPublic: true, closeSession),
      Route(.get, "/openapi.json", isPublic: true, file),
      Route(.get, "/api/{name}", isPublic: true, file),
      Route(.get, "/", isPublic: true, file),
      Route(.get, "/assets/{name}", isPublic: true, file),
    ]
  }
}
