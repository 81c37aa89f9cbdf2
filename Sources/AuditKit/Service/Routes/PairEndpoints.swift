import AuditHTTP
import AuditReport
import Foundation
import HTTPTypes

extension ServiceContext {
  /// Answers GET /v1/runs/{run}/pairs.
  func listPairs(_ call: Call) async throws -> Response {
    let run = try call.run()
    let query = try pairQuery(call)
    let hasReasons = try call.flag("reasons") ?? false
    if let known = try await knownAnswer(call, of: run) { return known }
    let ranking = try await ranking(for: query, of: run)
    return try await answer(
      call, of: run,
      json: { snapshot in
        // An epoch may have ended since the ranking was read.
        let scores = OpenScores(try snapshot.run(run.number))
        let page =
          if let ranking, ranking.scores == scores {
            try snapshot.pairs(by: ranking.ranking, limit: query.limit, after: query.after)
          } else {
            try snapshot.pairs(of: run.number, query)
          }
        return try PairListDocument(
          run, snapshot, page, order: query.order, hasReasons: hasReasons
        ).json()
      })
  }

  private func pairQuery(_ call: Call) throws(Problem) -> PairQuery {
    var query = PairQuery(
      order: try call.choice("order", PairQuery.Order.self) ?? .risk,
      minimumRisk: try call.share("minRisk"), isSafe: try call.flag("safe"),
      limit: try call.whole("limit", in: 1...1000) ?? 100)
    query.maximumRisk = try call.share("maxRisk")
    switch try call.choice("verdict", VerdictChoice.self) {
    case .any: query.verdict = .any
    case VerdictChoice.none?: query.verdict = PairQuery.VerdictFilter.none
    case .poison: query.verdict = .only(.poison)
    case .clean: query.verdict = .only(.clean)
    case .unsure: query.verdict = .only(.unsure)
    case nil: break
    }
    if let text = try call.text("q", maximumLength: 500) {
      guard let search = CaptionSearch(text) else {
        throw Problem(.invalidParameter, "“q” holds no word to look for.")
      }
      query.search = search
    }
    if let token = try call.text("after", maximumLength: 2048) {
      guard let cursor = PairCursor(token) else {
        throw Problem(.invalidParameter, "“after” takes the “next” of the last page.")
      }
      query.after = cursor
    }
    return query
  }

  private enum VerdictChoice: String, CaseIterable {
    case poison, clean, unsure, any, none
  }

  /// The order of an unfinished run's pairs, for lists that ask for nothing else; nil for all others, which SQLite
  /// answers.
  private func ranking(
    for query: PairQuery, of run: RunIdentifier
  ) async throws -> OpenRanking? {
    var plain = PairQuery(limit: query.limit, after: query.after)
    plain.order = .risk
    guard query == plain else { return nil }
    let report = try await report(of: run)
    let record = try await report.reader.readWithoutBlocking { try $0.run(run.number) }
    guard let scores = OpenScores(record) else { return nil }
    if let known = rankings.value(run.description, version: "\(report.path)/\(scores)") {
      return known
    }
    guard
      let read = try await report.reader.readWithoutBlocking({
        try OpenRanking($0, of: run.number)
      })
    else { return nil }
    rankings.keep(
      read, for: run.description, version: "\(report.path)/\(read.scores)",
      byteCount: read.ranking.byteCount)
    return read
  }

  /// Answers GET /v1/runs/{run}/pairs/{key}.
  func getPair(_ call: Call) async throws -> Response {
    let (run, key) = (try call.run(), call.parameter("key"))
    let ordinal = try call.whole("ordinal", in: 0...Int.max)
    return try await answer(call, of: run) {
      try PairDetailsDocument(run, $0, key: key, ordinal: ordinal)
    }
  }

  /// Answers GET /v1/runs/{run}/pairs/{key}/thumbnail.
  func getThumbnail(_ call: Call) async throws -> Response {
    let (run, key) = (try call.run(), call.parameter("key"))
    let ordinal = try call.whole("ordinal", in: 0...Int.max)
    let edge = try call.whole("edge", in: 16...1024) ?? 256
    let report = try await report(of: run)
    let pair = try await report.reader.readWithoutBlocking {
      try $0.pairs(of: run, key: key, ordinal: ordinal).first?.pair
    }
    guard let pair else { throw Problem(.notFound, "The run has no pair with this key.") }
    let image = PairImage(pair, roots: roots, files: images)
    let body = try await crawlWork.run { try image.jpeg(edge: edge) }
    return Response(
      status: .ok,
      fields: [
        .contentType: "image/jpeg", .eTag: EntityTag.tag(of: body),
        .cacheControl: "private, max-age=3600",
      ], body: .bytes(body))
  }
}
