import AuditHTTP
import HTTPTypes
import Testing

/// The grammar of a request's head, and what breaks it.
struct RequestHeadTests {
  private func parse(
    _ text: String, _ change: (inout HTTPLimits) -> Void = { _ in }
  ) throws -> RequestHead {
    var limits = HTTPLimits()
    change(&limits)
    return try RequestHeadParser(limits: limits).head(ArraySlice(text.utf8))
  }

  @Test func readsMethodTargetAndFields() throws {
    let head = try parse(
      "GET /v1/runs/a%2Fb?limit=10&q=red+dog%21 HTTP/1.1\r\nHost: here\r\nAccept:  text/html \r\n")
    #expect(head.method == .get)
    #expect(head.target.segments == ["v1", "runs", "a/b"])
    #expect(head.target.query.map(\.name) == ["limit", "q"])
    #expect(head.target.query.map(\.value) == ["10", "red dog!"])
    #expect(head.fields[.accept] == "text/html")
    #expect(head.framing == .none)
    #expect(head.keepsConnection)
  }

  @Test(arguments: [
    ("http://here:80/a?b=c", ["a"], "b=c"), ("http://here?b=/c", [""], "b=/c"),
    ("HTTPS://here", [""], ""), ("/a?q=a%26b=1&", ["a"], "q=a%26b=1&"),
  ])
  func readsEveryFormOfTarget(text: String, segments: [String], query: String) throws {
    let target = try parse("GET \(text) HTTP/1.1\r\nHost: here\r\n").target
    #expect(target.segments == segments)
    #expect(target.rawQuery == query)
  }

  @Test(arguments: [
    "", "GET / HTTP/1.1\nHost: a\n", "GET / HTTP/1.1\r\nHost: a\n",
    "GET  / HTTP/1.1\r\nHost: a\r\n",
    "GET / HTTP/1.1 \r\nHost: a\r\n", " GET / HTTP/1.1\r\nHost: a\r\n", "GET /\r\nHost: a\r\n",
    "G@T / HTTP/1.1\r\nHost: a\r\n", "GET x HTTP/1.1\r\nHost: a\r\n",
    "GET /%zz HTTP/1.1\r\nHost: a\r\n", "GET /%0 HTTP/1.1\r\nHost: a\r\n",
    "GET /%00 HTTP/1.1\r\nHost: a\r\n", "GET /%ff HTTP/1.1\r\nHost: a\r\n",
    "GET /a/../b HTTP/1.1\r\nHost: a\r\n", "GET /a/%2e%2e/b HTTP/1.1\r\nHost: a\r\n",
    "GET /ä HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
    "GET / HTTP/1.1\r\nHost : a\r\n", "GET / HTTP/1.1\r\n: a\r\nHost: a\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{1}b\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n",
    "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n",
  ])
  func refusesWhatBreaksTheGrammar(text: String) {
    let error = #expect(throws: RequestFault.self) { try parse(text) }
    guard case .malformed = error else {
      Issue.record("\(String(describing: error)) for \(text.debugDescription)")
      return
    }
  }

  @Test func tellsWhatItDoesNotSpeak() {
    #expect(throws: RequestFault.unsupportedVersion) {
      try parse("GET / HTTP/2.0\r\nHost: a\r\n")
    }
    #expect(throws: RequestFault.unsupportedCoding("gzip, chunked")) {
      try parse("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n")
    }
    #expect(throws: RequestFault.unsupportedExpectation("miracles")) {
      try parse("POST / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n")
    }
  }

  @Test func countsFields() throws {
    let fields = (0..<5).map { "X-\($0): a\r\n" }.joined()
    let text = "GET / HTTP/1.1\r\nHost: a\r\n" + fields
    #expect(try parse(text) { $0.maximumFieldCount = 6 }.fields.count == 6)
    #expect(throws: RequestFault.tooManyFields(limit: 5)) {
      try parse(text) { $0.maximumFieldCount = 5 }
    }
  }

  @Test(arguments: [
    ("HTTP/1.1", "", true), ("HTTP/1.1", "close", false), ("HTTP/1.1", "x, Close", false),
    ("HTTP/1.0", "", false), ("HTTP/1.0", "Keep-Alive", true),
  ])
  func knowsHowLongConnectionsLive(version: String, connection: String, keeps: Bool) throws {
    let field = connection.isEmpty ? "" : "Connection: \(connection)\r\n"
    #expect(try parse("GET / \(version)\r\nHost: a\r\n\(field)").keepsConnection == keeps)
  }

  @Test(arguments: ["a/b c", "ä", "%41", "..", "a.b-c_d~e", "日本"])
  func segmentsSurviveTheirEncoding(text: String) {
    let target = RequestTarget("/\(PercentEncoding.segment(text))"[...])
    #expect(target?.segments == (text == ".." ? nil : [text]))
  }
}
