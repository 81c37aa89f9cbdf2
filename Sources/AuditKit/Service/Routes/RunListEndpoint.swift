import AuditHTTP
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
      guard let cursor = RunCursor(text) else {
        throw Problem(.invalidParameter, "“after” takes the “next” of the last page.")
      }
      return cursor
    }
    var lines = try await runLines().filter {
      (state == nil || $0.state == state) && (crawl == nil || $0.crawl == crawl)
    }
    // What came since stands before it; the run at its place may be gone, or be of another state by now.
    if let after { lines.removeAll { RunCursor($0) >= after } }
    let page = Array(lines.prefix(limit))
    let next = lines.count > limit ? page.last.map { RunCursor($0).description } : nil
    let document = RunListDocument(runs: page, next: next)
    let body = try ServiceJSON.bytes(document)
    return Self.response(Answer(body))
  }

  /// All runs, newest first.
  private func runLines() async throws -> [RunLineDocument] {
    var lines: [RunLineDocument] = []
    var reported: Set<String> = []
    let names = try await folder.names()
    for name in names {
      let job = await jobs.job(name)
      guard var found = try await runLines(of: name), !found.isEmpty else { continue }
      if found.contains(where: {
        $0.id != job?.run.description && $0.lacksWriter(of: folder.file(name))
      }) {
        // Whoever wrote it may have finished between the two looks; what is read now is its last word.
        found = try await runLines(of: name) ?? found
      }
      reported.insert(name)
      for var line in found {
        if let job, line.id == job.run.description {
          line.add(job, progress: events.progress(run: name))
        } else {
          line.checkWriter(of: folder.file(name))
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
    return lines.sorted { RunCursor($0) > RunCursor($1) }
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
}
