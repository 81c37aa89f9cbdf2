import AuditDump
import AuditHTTP
import AuditReport
import Foundation
import HTTPTypes
import Logging

/// What the endpoints work with.
struct ServiceContext: Sendable {
  let configuration: ServiceConfiguration
  let folder: ReportFolder
  let jobs: JobQueue
  let store: JobStore
  let events: EventHub
  let access: AccessControl
  let roots: CrawlRoots
  let images: ImageFiles
  let metrics: ServiceMetrics
  let answers: AnswerCache<Answer>
  let rankings: AnswerCache<OpenRanking>
  let documents: AnswerCache<RunDocument>
  let knownLines: RunLines
  let probe: FolderProbe
  let logger: Logger
  /// For images of crawls, whose disks may answer no more while those of the reports do.
  let crawlWork = WaitingWork()
  let reportWork = WaitingWork()

  /// A JSON document with its validator.
  struct Answer: Sendable {
    let body: KeptBody
    let tag: String

    init(_ bytes: [UInt8]) {
      body = KeptBody(bytes)
      tag = EntityTag.tag(of: bytes)
    }

    /// Half as much again for the compressed form.
    var byteCount: Int { body.bytes.count + body.bytes.count / 2 }
  }

  /// The report of a run.
  ///
  /// - Throws: `Problem` where there is none (yet).
  func report(of run: RunIdentifier) async throws -> OpenReport {
    if let job = await jobs.job(run.report),
      !FileManager.default.fileExists(atPath: folder.file(run.report))
    {
      throw Problem(
        .notFound, "The run is \(job.state.rawValue) and has no report yet.")
    }
    return try await folder.report(run.report)
  }

  /// Answers with a document that `make` makes from one state of a run's report, or with the same as before where the
  /// report has not changed.
  func answer<Document: Encodable & SendableMetatype>(
    _ call: Call, of run: RunIdentifier,
    _ make: @escaping @Sendable (ReportSnapshot) throws -> Document
  ) async throws -> Response {
    try await answer(call, of: run, json: { try ServiceJSON.bytes(make($0)) })
  }

  /// The same for a document that is JSON already.
  func answer(
    _ call: Call, of run: RunIdentifier,
    json make: @escaping @Sendable (ReportSnapshot) throws -> [UInt8]
  ) async throws -> Response {
    let report = try await report(of: run)
    // Read before the document is: what changes in between makes the answer older, never newer, than its version.
    let version = try report.version()
    let answer = try await answers.value(
      call.question, version: version, byteCount: \.byteCount
    ) {
      Answer(try await report.reader.readWithoutBlocking(make))
    }
    return Self.response(answer)
  }

  /// What was answered before, where the report has not changed since.
  func knownAnswer(_ call: Call, of run: RunIdentifier) async throws -> Response? {
    let version = try await report(of: run).version()
    return answers.value(call.question, version: version).map(Self.response)
  }

  static func response(_ answer: Answer) -> Response {
    Response(
      status: .ok,
      fields: [
        .contentType: "application/json", .eTag: answer.tag, .cacheControl: "private, no-cache",
      ], body: .kept(answer.body))
  }

  /// A document that is another one each time.
  static func response(
    _ value: some Encodable, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    Response(
      status: status,
      fields: [.contentType: "application/json", .cacheControl: "no-store"],
      body: .bytes(try ServiceJSON.bytes(value)))
  }
}

extension Call {
  /// Path and query as they were sent, since two queries may look alike when decoded: what an answer is kept under.
  var question: String {
    let target = request.head.target
    return "\(target.rawPath)?\(target.rawQuery)"
  }
}
