import AuditHTTP
import AuditReport
import Foundation
import HTTPTypes

extension ServiceContext {
  /// Answers PUT /v1/runs/{run}/pairs/{key}/verdict.
  func putVerdict(_ call: Call) async throws -> Response {
    let body = try call.object(fields: ["verdict", "note", "reviewer"])
    guard let text = try body.text("verdict", in: 1...20), let verdict = Verdict(rawValue: text)
    else {
      throw Problem(.invalidBody, "“verdict” takes poison, clean or unsure.")
    }
    let record = VerdictRecord(
      verdict: verdict, note: try body.text("note", in: 0...2000),
      reviewer: try body.text("reviewer", in: 0...200))
    let (run, ordinals) = try await places(call)
    let kept = try await write(run) { store in
      for ordinal in ordinals {
        try store.setVerdict(record, of: run.number, ordinal: ordinal)
      }
      // What is answered is what is kept, which holds no NUL.
      return try ordinals.first.flatMap { ordinal in
        try store.reader.read { try $0.verdict(of: run.number, ordinal: ordinal) }
      }
    }
    return try Self.response(kept ?? record)
  }

  /// Answers DELETE /v1/runs/{run}/pairs/{key}/verdict.
  func deleteVerdict(_ call: Call) async throws -> Response {
    let (run, ordinals) = try await places(call)
    try await write(run) { store in
      for ordinal in ordinals { try store.removeVerdict(of: run.number, ordinal: ordinal) }
    }
    return Response(status: .noContent)
  }

  /// The places of the pairs that the path names: a verdict on a key is one on all pairs of the key.
  private func places(_ call: Call) async throws -> (RunIdentifier, [Int]) {
    let (run, key) = (try call.run(), call.parameter("key"))
    let ordinal = try call.whole("ordinal", in: 0...Int.max)
    let report = try await report(of: run)
    let pairs = try await report.reader.readWithoutBlocking {
      try $0.pairs(of: run, key: key, ordinal: ordinal)
    }
    return (run, pairs.map(\.ordinal))
  }

  /// Answers GET /v1/runs/{run}/verdicts.
  func listVerdicts(_ call: Call) async throws -> Response {
    let run = try call.run()
    guard try call.choice("format", VerdictFormat.self) == .csv else {
      return try await answer(call, of: run) { try VerdictListDocument(run, $0) }
    }
    let report = try await report(of: run)
    let verdicts = try await report.reader.readWithoutBlocking {
      try $0.verdicts(of: try $0.run(run.number).id)
    }
    return Response(
      status: .ok,
      fields: [
        .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store",
        .contentDisposition: "attachment; filename=\"\(run)-verdicts.csv\"",
      ], body: .bytes(Array(VerdictTable.text(verdicts).utf8)))
  }

  private enum VerdictFormat: String, CaseIterable {
    case json, csv
  }

  /// Answers POST /v1/runs/{run}/verdicts.
  func importVerdicts(_ call: Call) async throws -> Response {
    let run = try call.run()
    let report = try await report(of: run)
    _ = try await report.reader.readWithoutBlocking { try $0.run(run.number) }
    let verdicts: [PairVerdict]
    if let text = try call.text("from", maximumLength: 300) {
      guard let source = RunIdentifier(text) else {
        throw Problem(.invalidParameter, "“from” takes a run.")
      }
      let earlier = try await self.report(of: source)
      verdicts = try await earlier.reader.readWithoutBlocking {
        try $0.verdicts(of: try $0.run(source.number).id)
      }
    } else {
      try call.requireType("text/csv")
      do {
        verdicts = try VerdictTable.verdicts(in: call.request.body)
      } catch {
        throw Problem(.invalidBody, "\(error)")
      }
    }
    let result = try await write(run) { try $0.importVerdicts(verdicts, to: run.number) }
    return try Self.response(VerdictImportDocument(run, result))
  }

  /// Writes into a run's report, beside a scan that may be at work there.
  private func write<Value: Sendable>(
    _ run: RunIdentifier, _ body: @escaping @Sendable (ReportStore) throws -> Value
  ) async throws -> Value {
    let path = folder.file(run.report)
    return try await reportWork.run {
      // The report may have been deleted since it was looked at, and must not come back as an empty one.
      let store = try ReportStore(path: path, creating: false)
      defer { try? store.close() }
      return try body(store)
    }
  }
}
