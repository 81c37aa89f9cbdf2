import AuditDump
import AuditFiles
import AuditHTTP
import AuditKit
import AuditReport
import Foundation
import HTTPTypes

extension ServiceContext {
  /// Answers GET /v1/runs/{run}.
  func getRun(_ call: Call) async throws -> Response {
    let document = try await runDocument(try call.run())
    let body = try ServiceJSON.bytes(document)
    return Self.response(Answer(body))
  }

  /// A run in full, from its job and its report.
  func runDocument(_ run: RunIdentifier) async throws -> RunDocument {
    let job = await jobs.job(run.report).flatMap { $0.run == run ? $0 : nil }
    var document: RunDocument
    do {
      document = try await reportedDocument(run)
    } catch let error where Problem(error).kind == .notFound {
      // A job's report comes into being, and gets its run, a moment after its process.
      guard let job else { throw error }
      document = RunDocument(job)
    }
    if let job {
      await add(job, to: &document)
    } else if document.line.lacksWriter(of: folder.file(run.report)) {
      // Whoever wrote it may have finished between the two looks; what is read now is its last word.
      document = try await reportedDocument(run)
      document.line.checkWriter(of: folder.file(run.report))
    }
    return document
  }

  /// What the report of a run tells; read anew only where it has changed.
  private func reportedDocument(_ run: RunIdentifier) async throws -> RunDocument {
    let report = try await folder.report(run.report)
    return try await documents.value(
      run.description, version: report.version(), byteCount: { _ in RunDocument.heldBytes }
    ) {
      try await report.reader.readWithoutBlocking { try RunDocument(run, $0) }
    }
  }

  /// Answers POST /v1/runs.
  func submitRun(_ call: Call) async throws -> Response {
    let body = try call.object(
      fields: ["crawl", "format", "settings", "heldOut", "keepModel", "verdictsFrom"])
    let key = try submissionKey(call, body)
    // Before anything is looked up: a repetition gets its run also where the crawl is gone by now.
    if let key, let job = try await jobs.earlier(key) {
      return try await submitted(job, isNew: false)
    }
    let request = try jobRequest(body)
    if let source = request.verdictsFrom.flatMap(RunIdentifier.init) {
      let report = try await report(of: source)
      _ = try await report.reader.readWithoutBlocking { try $0.run(source.number) }
    }
    let (job, isNew) = try await jobs.submit(request, key: key)
    return try await submitted(job, isNew: isNew)
  }

  private func submitted(_ job: Job, isNew: Bool) async throws -> Response {
    var response = try Self.response(
      await changedDocument(job), status: isNew ? .created : .ok)
    response.fields[.location] = "/v1/runs/\(job.run)"
    return response
  }

  private func submissionKey(
    _ call: Call, _ body: [String: SettingValue]
  ) throws -> SubmissionKey? {
    guard let key = call.request.head.fields[.idempotencyKey] else { return nil }
    guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw Problem(
        .invalidParameter, "Idempotency-Key takes 1 to 255 visible ASCII characters.")
    }
    // Fields in an order, so that it is the same object however it was written.
    let digest = ContentDigest(of: try ServiceJSON.bytes(body)).hexadecimal
    return SubmissionKey(text: key, bodyDigest: digest)
  }

  /// The body of a submission, checked: what is wrong is told now, not when the job's turn comes.
  private func jobRequest(_ body: [String: SettingValue]) throws -> JobRequest {
    guard let crawl = try body.text("crawl", in: 1...4096) else {
      throw Problem(.invalidBody, "“crawl” is missing: the path of the crawl.")
    }
    var request = JobRequest(crawl: try roots.confined(crawl, what: "The crawl"))
    if let text = try body.text("format", in: 1...100) {
      guard let format = CrawlFormat(rawValue: text) else {
        let names = CrawlFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem(.invalidBody, "“format” takes one of \(names).")
      }
      request.format = format
    }
    if let path = try body.text("heldOut", in: 1...4096) {
      request.heldOut = try roots.confined(path, what: "The held-out crawl")
    }
    request.keepModel = try body.flag("keepModel") ?? false
    if let text = try body.text("verdictsFrom", in: 1...300) {
      guard let source = RunIdentifier(text) else {
        throw Problem(.invalidBody, "“verdictsFrom” takes a run.")
      }
      request.verdictsFrom = source.description
    }
    if let settings = body["settings"] {
      request.settings = settings
      try checkSettings(settings)
    }
    return request
  }

  private func checkSettings(_ settings: SettingValue) throws {
    guard case .object = settings else {
      throw Problem(.invalidBody, "“settings” takes an object.")
    }
    var document = ConfigurationDocument()
    do {
      try document.merge(json: try JSONEncoder().encode(settings), origin: "settings")
      _ = try document.decoded()
    } catch let error as ConfigurationError {
      throw Problem(.invalidBody, "\(error)")
    }
    try roots.check(document)
  }

  /// Answers POST /v1/runs/{run}/cancel.
  func cancelRun(_ call: Call) async throws -> Response {
    let run = try call.run()
    try await requireRun(run)
    let job = try await jobs.cancel(run.report)
    return try Self.response(await changedDocument(job), status: .accepted)
  }

  /// Answers POST /v1/runs/{run}/resume.
  func resumeRun(_ call: Call) async throws -> Response {
    let run = try call.run()
    try await requireRun(run)
    let job = try await jobs.resume(run.report)
    return try Self.response(await changedDocument(job), status: .accepted)
  }

  /// Throws where there is no such run; a job is one whether or not its report can be read.
  private func requireRun(_ run: RunIdentifier) async throws {
    guard await jobs.job(run.report)?.run != run else { return }
    _ = try await runDocument(run)
  }

  /// A job that was changed just now: that is told also where its report cannot be read.
  private func changedDocument(_ job: Job) async -> RunDocument {
    if let document = try? await runDocument(job.run) { return document }
    var document = RunDocument(job)
    await add(job, to: &document)
    return document
  }

  /// Adds what only the service knows of a job.
  private func add(_ job: Job, to document: inout RunDocument) async {
    document.add(
      job, progress: events.progress(run: job.report),
      queuePosition: await jobs.queuePosition(job.report))
  }
}

extension HTTPField.Name {
  /// As the draft of the IETF's HTTPAPI group has it.
  fileprivate static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .userAgent
}
