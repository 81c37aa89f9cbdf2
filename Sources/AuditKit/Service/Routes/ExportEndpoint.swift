import AuditHTTP
import AuditReport
import Foundation
import HTTPTypes

extension ServiceContext {
  /// Answers GET /v1/runs/{run}/export.
  func exportPairs(_ call: Call) async throws -> Response {
    let run = try call.run()
    let format = try call.choice("format", PairExport.Format.self) ?? .csv
    let choice = PairChoice(
      try call.choice("what", PairChoice.Selection.self) ?? .all,
      order: try call.choice("order", PairQuery.Order.self) ?? .risk,
      minimumRisk: try call.share("minRisk"), limit: try call.whole("limit", in: 1...Int.max))
    let export = PairExport(choice, format: format)
    let report = try await report(of: run)
    // One state of the report, however long the client takes.
    let snapshot = try report.reader.frozen()
    // What is wrong with the question shows in the first piece, while a status can still say so.
    let first = try await snapshot.readWithoutBlocking {
      try $0.exportPage(try $0.exportPages(export, of: run.number))
    }
    return Response(
      status: .ok,
      fields: [
        .contentType: format.mediaType, .cacheControl: "no-store",
        .contentDisposition:
          "attachment; filename=\"\(run)-\(choice.selection.rawValue).\(format.rawValue)\"",
      ],
      body: .stream { writer in
        try await writer.write(Array(first.text.utf8))
        var next = first.rest
        while let pages = next {
          let page = try await snapshot.readWithoutBlocking { try $0.exportPage(pages) }
          try await writer.write(Array(page.text.utf8))
          next = page.rest
        }
      })
  }
}

extension PairExport.Format {
  /// The media type of a file of this format.
  fileprivate var mediaType: String {
    switch self {
    case .csv: "text/csv; charset=utf-8"
    case .jsonl: "application/jsonl"
    case .txt: "text/plain; charset=utf-8"
    }
  }
}
