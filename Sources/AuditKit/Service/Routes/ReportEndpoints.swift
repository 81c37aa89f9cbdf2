import AuditHTTP
import AuditKit
import AuditReport
import Foundation
import HTTPTypes

extension ServiceContext {
  /// Answers GET /v1/runs/{run}/history.
  func getHistory(_ call: Call) async throws -> Response {
    let run = try call.run()
    return try await answer(call, of: run) { try HistoryDocument(run, $0) }
  }

  /// Answers GET /v1/runs/{run}/mixture.
  func getMixture(_ call: Call) async throws -> Response {
    let run = try call.run()
    let epoch = try call.whole("epoch", in: 0...Int.max)
    let bins = try call.whole("bins", in: 1...256)
    return try await answer(call, of: run) {
      try MixtureDocument(run, $0, epoch: epoch, bins: bins)
    }
  }

  /// Answers GET /v1/runs/{run}/estimates.
  func getEstimates(_ call: Call) async throws -> Response {
    let run = try call.run()
    return try await answer(call, of: run) { try EstimatesDocument(run, $0) }
  }

  /// Answers GET /v1/runs/{run}/rejected.
  func listRejected(_ call: Call) async throws -> Response {
    let run = try call.run()
    let reason = try call.text("reason", maximumLength: 100)
    let limit = try call.whole("limit", in: 1...1000) ?? 100
    let offset = try call.whole("after", in: 0...Int.max / 2) ?? 0
    return try await answer(call, of: run) {
      try RejectedDocument(run, $0, reason: reason, limit: limit, offset: offset)
    }
  }

  /// Answers GET /v1/runs/{run}/compare/{other}.
  func compareRuns(_ call: Call) async throws -> Response {
    let (a, b) = (try call.run(), try call.run("other"))
    let movers = try call.whole("movers", in: 0...100) ?? 20
    let (first, second) = (try await report(of: a), try await report(of: b))
    let version = "\(try first.version())/\(try second.version())"
    if let answer = answers.value(call.question, version: version) {
      return Self.response(answer)
    }
    let sides = (
      a: try await first.reader.readWithoutBlocking {
        (try ComparisonDocument.Side(a, $0), try $0.run(a.number).decodedConfiguration)
      },
      b: try await second.reader.readWithoutBlocking {
        (try ComparisonDocument.Side(b, $0), try $0.run(b.number).decodedConfiguration)
      }
    )
    // Both runs are read at the same time, which takes a thread that may wait.
    let comparison = try await reportWork.run {
      try first.reader.compare(a.number, with: b.number, in: second.reader, movers: movers)
    }
    let body = try ServiceJSON.bytes(
      ComparisonDocument(
        a: sides.a.0, b: sides.b.0, comparison,
        settings: SettingDifference.between(sides.a.1, sides.b.1)))
    let answer = Answer(body)
    answers.keep(
      answer, for: call.question, version: version, byteCount: answer.byteCount)
    return Self.response(answer)
  }
}
