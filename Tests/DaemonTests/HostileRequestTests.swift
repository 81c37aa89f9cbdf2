import AuditReport
import Foundation
import Testing
import TestSupport

/// Requests that are made to do harm: they get an answer, and so does the next one.
@Suite(.timeLimit(.minutes(3)))
struct HostileRequestTests {
  @Test func noHeaderFieldEndsTheService() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    let odd = ["", ";", ",", ";;", ",;,", "=", "/", "//", "\"", "W/", "-", "*;q=", "9e999", "{}"]
    let names = [
      "Accept-Encoding", "If-None-Match", "Cookie", "Authorization", "Content-Type", "Origin",
      "Last-Event-ID", "Idempotency-Key", "Accept", "Range", "Connection",
    ]
    for name in names {
      for value in odd {
        for line in ["GET /v1/runs/\(run)/pairs", "POST /v1/runs", "GET /healthz"] {
          let connection = try #require(try RawConnection(daemon))
          connection.send(
            "\(line) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(name): \(value)\r\n\r\n")
          #expect(connection.rest().hasPrefix("HTTP/1.1 "), "\(line) \(name): \(value)")
        }
      }
    }
    #expect(try await daemon.call("/healthz").status == 200)
  }
}
