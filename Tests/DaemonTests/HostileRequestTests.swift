import AuditReport
import Foundation
import Testing
import TestSupport

/// Requests that are made to do harm: they get an answer, and so does the next one.
@Suite(.timeLimit(.minutes(20)))
struct HostileRequestTests {
  private static let token = "0123456789abcdef0123456789abcdef"

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

  @Test(arguments: [
    #"{"i":0,"o":"risk","v":{"rank":{"_0":9223372036854775807}}}"#,
    #"{"i":0,"o":"risk","v":{"rank":{"_0":-9223372036854775808}}}"#,
    #"{"i":-9223372036854775808,"o":"risk","v":{"rank":{"_0":1}}}"#,
    #"{"i":9223372036854775807,"o":"risk","v":{"rank":{"_0":40}}}"#,
    #"{"i":9223372036854775807,"o":"ordinal"}"#, #"{"i":-1,"o":"ordinal"}"#,
    #"{"i":0,"o":"risk"}"#, #"{"i":0,"o":"similarity","v":{"similarity":{"_0":1e308}}}"#,
    #"{"i":0,"o":"similarity","v":{"similarity":{"_0":1e999}}}"#,
    #"{"i":0,"o":"key","v":{"key":{"_0":"\u0000"}}}"#, #"{"i":0,"o":"key","v":{"rank":{"_0":1}}}"#,
  ])
  func noCursorEndsTheService(text: String) async throws {
    let daemon = try await Daemon()
    let runs = [
      try daemon.makeReport("open", pairs: .hostile(), isFinished: false),
      try daemon.makeReport("finished", pairs: .hostile()),
    ]
    let token = Data(text.utf8).base64EncodedString().replacing("+", with: "-")
      .replacing("/", with: "_").replacing("=", with: "")
    for run in runs {
      for order in ["", "&order=risk", "&order=similarity", "&order=key", "&order=ordinal"] {
        let answer = try await daemon.call("/v1/runs/\(run)/pairs?after=\(token)\(order)")
        #expect([200, 400].contains(answer.status), "\(order): \(answer.status)")
      }
    }
    #expect(try await daemon.call("/healthz").status == 200)
  }

  @Test func unfinishedRunsArePagedToTheirEnd() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("open", pairs: .hostile(45), isFinished: false)
    var (ordinals, after) = (Set<Int>(), "")
    repeat {
      let page = try await daemon.call("/v1/runs/\(run)/pairs?limit=7\(after)").json
      let pairs = try #require(page["pairs"] as? [[String: Any]])
      ordinals.formUnion(pairs.compactMap { $0["ordinal"] as? Int })
      after = (page["next"] as? String).map { "&after=\($0)" } ?? ""
    } while !after.isEmpty
    #expect(ordinals == Set(0..<45))
  }

  @Test func aBodyThatIsNotWantedIsNotRead() async throws {
    let folder = try Daemon.makeFolder()
    try folder.write("token", Self.token + "\n")
    let daemon = try await Daemon(in: folder, "--token-file", folder.file("token"))
    let right = "Authorization: Bearer \(Self.token)\r\n"
    let cases = [
      ("POST /v1/runs/a.1/verdicts", "", 60_000_000, "401"),
      ("POST /v1/runs/a.1/verdicts", "Expect: 100-continue\r\n", 60_000_000, "401"),
      ("POST /v1/runs/a.1/verdicts", "Authorization: Bearer x\r\n", 60_000_000, "401"),
      ("PUT /v1/runs", right, 60_000, "405"), ("POST /v1/nothing", right, 60_000, "404"),
      ("POST /v1/runs?x=1", right, 60_000, "400"),
      ("POST /v1/runs", "Origin: http://evil.example\r\n" + right, 60_000, "403"),
      ("POST /v1/runs", right, 70_000, "413"), ("POST /v1/session", "", 10_000, "413"),
      ("PUT /v1/runs/a.1/pairs/k/verdict", right, 70_000, "413"),
    ]
    for (line, fields, length, status) in cases {
      let connection = try #require(try RawConnection(daemon))
      // The head only: an answer comes without the body, or not at all.
      connection.send(
        "\(line) HTTP/1.1\r\nHost: localhost\r\n\(fields)Content-Length: \(length)\r\n\r\n")
      let answer = connection.read(until: "\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(line): \(answer)")
    }
    let large = try #require(try RawConnection(daemon))
    large.send(
      "POST /v1/runs/a.1/verdicts HTTP/1.1\r\nHost: localhost\r\n\(right)Expect: 100-continue\r\n"
        + "Content-Length: 60000000\r\n\r\n")
    #expect(large.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
  }
}
