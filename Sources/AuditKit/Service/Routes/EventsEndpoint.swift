import AuditHTTP
import AuditKit
import AuditReport
import Foundation
import HTTPTypes

extension ServiceContext {
  /// Silence after which a client is told that the connection lives.
  static let heartbeat = Duration.seconds(15)
  /// How often a report is looked at that another program writes.
  private static let watchInterval = Duration.seconds(1)

  /// Answers GET /v1/runs/{run}/events.
  func streamEvents(_ call: Call) async throws -> Response {
    let run = try call.run()
    let document = try await runDocument(run)
    let last = call.request.head.fields[.lastEventID]
    let isOurs = await jobs.job(run.report)?.run == run
    return Response(
      status: .ok,
      fields: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: .stream { writer in
        if isOurs {
          try await jobEvents(run, last, writer)
        } else {
          try await reportEvents(run, document.line.state, writer)
        }
      })
  }

  /// The events of a job: first what was missed, or the run as it stands, then what comes, then the run at its end.
  private func jobEvents(
    _ run: RunIdentifier, _ last: String?, _ writer: BodyWriter
  ) async throws {
    let subscription = events.subscribe(run: run.report, last: last)
    if let missed = subscription.missed {
      try await writer.write(Array("retry: 2000\n\n".utf8))
      for event in missed { try await send(event, writer) }
    } else {
      try await writer.write(Array("retry: 2000\n".utf8))
      try await sendRun(
        run, writer, identifier: "\(events.era)-\(events.lastNumber(run: run.report))")
    }
    var isTold = subscription.missed?.last?.name == "end"
    if let job = await jobs.job(run.report), !job.hasEnded {
      for await event in subscription.events {
        try await send(event, writer)
        isTold = event.name == "end"
      }
      // The service stops; the run may go on later.
      guard isTold || !events.isEnded else { return }
    }
    if !isTold, let job = await jobs.job(run.report), job.hasEnded {
      let end = ServerEvent(
        number: events.lastNumber(run: run.report), name: "end", data: JobQueue.end(of: job))
      try await send(end, writer)
    }
    try await sendRun(run, writer, identifier: nil)
  }

  /// The changes of a report that another program writes: the run as a whole each time.
  private func reportEvents(
    _ run: RunIdentifier, _ first: String, _ writer: BodyWriter
  ) async throws {
    try await writer.write(Array("retry: 2000\n".utf8))
    try await sendRun(run, writer, identifier: nil)
    let report = try await report(of: run)
    var version = try report.version()
    var (state, silence) = (first, Duration.zero)
    while state == "running", !events.isEnded {
      try await Task.sleep(for: Self.watchInterval)
      silence += Self.watchInterval
      let now = try report.version()
      // A writer that was killed changes nothing any more.
      if now != version || !ReportLock.isHeld(for: report.path) {
        (version, silence) = (now, .zero)
        state = try await sendRun(run, writer, identifier: nil)
      } else if silence >= Self.heartbeat {
        silence = .zero
        try await send(.heartbeat, writer)
      }
    }
  }

  private func send(_ event: ServerEvent, _ writer: BodyWriter) async throws {
    guard event != .heartbeat else {
      return try await writer.write(Array(": still here\n\n".utf8))
    }
    try await writer.write(
      Array("id: \(events.identifier(event))\nevent: \(event.name)\ndata: ".utf8) + event.data
        + [0x0A, 0x0A])
  }

  /// Sends the run as it stands; returns its state.
  @discardableResult
  private func sendRun(
    _ run: RunIdentifier, _ writer: BodyWriter, identifier: String?
  ) async throws -> String {
    let document = try await runDocument(run)
    let name = identifier.map { "id: \($0)\n" } ?? ""
    try await writer.write(
      Array("\(name)event: run\ndata: ".utf8) + (try ServiceJSON.bytes(document)) + [0x0A, 0x0A])
    return document.line.state
  }
}

extension HTTPField.Name {
  /// As the HTML standard has it.
  fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .userAgent
}
