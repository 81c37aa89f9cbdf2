import AuditHTTP
import Foundation
import Testing

/// Which bodies are read, and how much of them is held.
@Suite(.timeLimit(.minutes(20)))
struct BodyTests {
  private func head(_ path: String, _ fields: String = "", length: Int) -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(length)\r\n\r\n"
  }

  @Test(arguments: ["", "Expect: 100-continue\r\n"])
  func aRefusedBodyIsNotWaitedFor(fields: String) async throws {
    try await withServer { client, _ in
      // Nothing follows the head.
      let connection = try await client.connect()
      try await connection.send(head("/closed", fields, length: 60_000))
      let answer = try await connection.rest()
      #expect(answer.hasPrefix("HTTP/1.1 403 "), "\(answer)")
      #expect(answer.hasSuffix("\r\n\r\nclosed"))
      #expect(answer.contains("\r\nConnection: close\r\n"))
    }
  }

  @Test func aBodyThatIsTooLargeIsNotAskedFor() async throws {
    let answer = try await withServer { client, _ in
      let connection = try await client.connect()
      try await connection.send(head("/x", "Expect: 100-continue\r\n", length: 1 << 40))
      return try await connection.rest()
    }
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
  }

  @Test func allBodiesTogetherHaveALimit() async throws {
    try await withServer({ $0.maximumHeldBodyBytes = 100_000 }) { client, _ in
      let half = String(repeating: "a", count: 60_000)
      let second = "\(head("/large", "Connection: close\r\n", length: 60_000))\(half)"
      var first = try await client.connect()
      try await first.send("\(head("/large", length: 60_001))\(half)")
      // Which of them comes too late is the kernel's choice.
      while try await !client.exchange(second).hasPrefix("HTTP/1.1 503 ") {
        first.close()
        first = try await client.connect()
        try await first.send("\(head("/large", length: 60_001))\(half)")
      }
      try await first.send("a")
      #expect(try await first.read(until: half + "a").hasSuffix("POST /large \(half)a"))
      first.close()
      // What the first held is there again.
      var answer = ""
      while !answer.hasPrefix("HTTP/1.1 200 ") {
        answer = try await client.exchange(second)
      }
      #expect(answer.hasSuffix("POST /large \(half)"))
    }
  }
}
