import AuditDump
import AuditHTTP
import AuditKit
import AuditReport
import Foundation
import HTTPTypes

extension ServiceContext {
  /// Answers GET /v1/runs.
  func listRuns(_ call: Call) async throws -> Response {
    let state = try call.text("state")
    let states = ["queued", "running", "stopped", "failed", "finished"]
    if let state, !states.contains(state) {
      throw Problem(
        .invalidParameter, "“state” takes one of \(states.joined(separator: ", ")).")
    }
    let crawl = try call.text("crawl")
    let limit = try call.whole("limit", in: 1...1000) ?? 100
    let after = try call.text("after", maximumLength: 2048).map { text throws(Problem) in
      guard let run = RunIdentifier(text) else {
        throw Problem(.invalidParameter, "“after” takes the “next” of the last page.")
      }
      return run
    }
    var lines = try await runLines().filter {
      (state == nil || $0.state == state) && (crawl == nil || $0.crawl == crawl)
    }
    if let after {
      // What came since stands before it; what it names may itself be gone.
      let place = lines.firstIndex { $0.id == after.description }
      lines.removeFirst(place.map { $0 + 1 } ?? lines.count)
    }
    let page = Array(lines.prefix(limit))
    let document = RunListDocument(
      runs: page, next: lines.count > limit ? page.last?.id : nil)
    let body = try ServiceJSON.bytes(document)
    return Self.response(Answer(body))
  }

  /// All runs, newest first.
  private func runLines() async throws -> [RunLineDocument] {
    var lines: [RunLineDocument] = []
    var reported: Set<String> = []
    let names = try folder.names()
    for name in names {
      let job = await jobs.job(name)
      guard let found = try await runLines(of: name), !found.isEmpty else { continue }
      reported.insert(name)
      for var line in found {
        if let job, line.id == job.run.description {
          line.add(job, progress: events.progress(run: name))
        }
        lines.append(line)
      }
    }
    knownLines.forget(allBut: names)
    for job in await jobs.all where !reported.contains(job.report) {
      var line = RunLineDocument(job)
      line.add(job, progress: events.progress(run: job.report))
      lines.append(line)
    }
    func time(_ line: RunLineDocument) -> Date {
      line.submittedAt ?? line.startedAt ?? .distantPast
    }
    return lines.sorted { (time($0), $0.id) > (time($1), $1.id) }
  }

  /// What a report tells of its runs; nil where it cannot be read.
  private func runLines(of name: String) async throws -> [RunLineDocument]? {
    // Taken before the report is read: what changes in between makes the lines older, never newer, than it.
    let stamp = ReportStamp(path: folder.file(name))
    if let lines = knownLines.lines(of: name, stamp) { return lines }
    guard let report = await folder.readableReport(name) else { return nil }
    let lines = try await report.reader.readWithoutBlocking { snapshot in
      try snapshot.runs().map { run in
        RunLineDocument(
          RunIdentifier(report: name, number: run.id), run, try RunFindings(snapshot, run))
      }
    }
    knownLines.keep(lines, of: name, stamp)
    return lines
  }

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
      let report = try await folder.report(run.report)
      document = try await report.reader.readWithoutBlocking { try RunDocument(run, $0) }
    } catch let error {
      // A job's report comes into being, and gets its run, a moment after its process.
      guard let job else { throw error }
      document = RunDocument(job)
    }
    if let job {
      document.add(
        job, progress: events.progress(run: run.report),
        queuePosition: await jobs.queuePosition(run.report))
    }
    return document
  }

  /// Answers POST /v1/runs.
  func submitRun(_ call: Call) async throws -> Response {
    let request = try jobRequest(call)
    let key = call.request.head.fields[.idempotencyKey]
    if let key,
      key.isEmpty || key.count > 255 || !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    {
      throw Problem(
        .invalidParameter, "Idempotency-Key takes 1 to 255 visible ASCII characters.")
    }
    if let source = request.verdictsFrom.flatMap(RunIdentifier.init) {
      let report = try await report(of: source)
      _ = try await report.reader.readWithoutBlocking { try $0.run(source.number) }
    }
    let (job, isNew) = try await jobs.submit(request, idempotencyKey: key)
    var response = try Self.response(
      try await runDocument(job.run), status: isNew ? .created : .ok)
    response.fields[.location] = "/v1/runs/\(job.run)"
    return response
  }

  /// The body of a submission, checked: what is wrong is told now, not when the job's turn comes.
  private func jobRequest(_ call: Call) throws -> JobRequest {
    let body = try call.object(
      fields: ["crawl", "format", "settings", "heldOut", "keepModel", "verdictsFrom"])
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
    _ = try await runDocument(run)
    let job = try await jobs.cancel(run.report)
    return try Self.response(try await runDocument(job.run), status: .accepted)
  }

  /// Answers POST /v1/runs/{run}/resume.
  func resumeRun(_ call: Call) async throws -> Response {
    let run = try call.run()
    _ = try await runDocument(run)
    let job = try await jobs.resume(run.report)
    return try Self.response(try await runDocument(job.run), status: .accepted)
  }
}

extension HTTPField.Name {
  /// As the draft of the IETF's HTTPAPI group has it.
  fileprivate static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .userAgent
}
