import Foundation
import Testing
import TestSupport

/// Server-sent events, up to their end and after breaks.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct EventsTests {
  private struct Event: Equatable {
    var id: String?
    var name = ""
    var data = ""
  }

  private func events(_ text: String) -> [Event] {
    text.components(separatedBy: "\n\n").compactMap { block in
      var event = Event()
      for line in block.split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { continue }
        let value = parts[1].trimmingCharacters(in: .whitespaces)
        switch parts[0] {
        case "id": event.id = value
        case "event": event.name = value
        case "data": event.data = value
        default: break
        }
      }
      return event.name.isEmpty ? nil : event
    }
  }

  private func events(
    _ daemon: Daemon, _ run: String, after last: String? = nil
  ) async throws -> [Event] {
    let answer = try await daemon.call(
      "/v1/runs/\(run)/events", last.map { ["Last-Event-ID": $0] } ?? [:])
    #expect(answer.status == 200)
    return events(String(decoding: answer.body, as: UTF8.self))
  }

  private func state(_ event: Event?) throws -> String? {
    let data = Data(try #require(event).data.utf8)
    return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["state"] as? String
  }

  @Test func aWaitingJobThatIsCancelledTellsItsEnd() async throws {
    let daemon = try await Daemon(in: nil, "--max-jobs", "0")
    let run = try await daemon.submit()
    let connection = try #require(try RawConnection(daemon))
    connection.send(
      "GET /v1/runs/\(run)/events HTTP/1.0\r\nHost: localhost\r\n\r\n")
    _ = connection.read(until: "event: run\n")
    #expect(try await daemon.call("/v1/runs/\(run)/cancel", method: "POST").status == 202)
    let told = events("event: run\n" + connection.rest())
    #expect(told.map(\.name) == ["run", "end", "run"])
    for event in told.suffix(2) { #expect(try state(event) == "stopped") }
  }

  @Test func whoeverWasAwayGetsWhatWasMissedAndTheEnd() async throws {
    let daemon = try await Daemon()
    // Enough for whoever begins to listen late.
    let run = try await daemon.submit(epochs: 16)
    let all = try await events(daemon, run)
    #expect(all.suffix(2).map(\.name) == ["end", "run"])
    #expect(try state(all.last) == "finished")
    let numbered = all.filter { $0.id != nil && $0.name != "run" }
    #expect(numbered.count >= 8, "\(all)")
    let middle = numbered.count / 2
    let missed = try await events(daemon, run, after: numbered[middle].id)
    #expect(missed.dropLast() == numbered[(middle + 1)...])
    #expect(missed.last == all.last)
    // The end itself was had, but not what follows it.
    let rest = try await events(daemon, run, after: numbered.last?.id)
    #expect(rest.map(\.name) == ["end", "run"] && rest.last == all.last)
    for unknown in ["other-1", "", "\(numbered[0].id ?? "")0000", "-1", "9223372036854775807"] {
      let told = try await events(daemon, run, after: unknown)
      #expect(told.map(\.name) == ["run", "end", "run"], "\(unknown)")
    }
    try await daemon.end(SIGTERM)
    let second = try await Daemon(in: daemon.folder)
    let told = try await events(second, run, after: numbered[middle].id)
    #expect(told.map(\.name) == ["run", "end", "run"], "identifiers are those of one start")
  }
}
