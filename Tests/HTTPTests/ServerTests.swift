import AuditHTTP
import FlyingSocks
import Foundation
import HTTPTypes
import Testing
import TestSupport

/// A server and what clients do to it, over real sockets.
@Suite(.timeLimit(.minutes(20)))
struct ServerTests {
  private static let host = "Host: a\r\n"

  @Test func answersOneRequestAfterTheOtherOnAConnection() async throws {
    try await withServer { client, _ in
      let connection = try await client.connect()
      for path in ["/a", "/b"] {
        try await connection.send("GET \(path) HTTP/1.1\r\n\(Self.host)\r\n")
        let answer = try await connection.read(until: "GET \(path) ")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("\r\nContent-Length: \(path.count + 5)\r\n"))
        #expect(answer.contains("\r\nDate: "))
      }
      connection.close()
    }
  }

  @Test func answersPipelinedRequestsInOrder() async throws {
    let answer = try await withServer { client, _ in
      try await client.exchange(
        "GET /1 HTTP/1.1\r\n\(Self.host)\r\nPOST /2 HTTP/1.1\r\n\(Self.host)Content-Length: 3\r\n\r\nabc"
          + "\r\nGET /3 HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
    }
    let bodies = ["GET /1 ", "POST /2 abc", "GET /3 "]
    var place = answer.startIndex
    for body in bodies {
      let found = try #require(answer.range(of: "\r\n\r\n" + body, range: place..<answer.endIndex))
      place = found.upperBound
    }
    #expect(place == answer.endIndex)
  }

  @Test(arguments: [1, 2, 3, 7, 50])
  func readsRequestsHoweverTheyAreCut(size: Int) async throws {
    let request =
      "POST /cut HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      + "3;note=x\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
    let answer = try await withServer { client, _ in
      let connection = try await client.connect()
      let bytes = Array(request.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        try await connection.socket.write(Data(bytes[start..<min(start + size, bytes.count)]))
        if size < 7 { await Task.yield() }
      }
      return try await connection.rest()
    }
    #expect(answer.hasSuffix("POST /cut abc0123456789"))
  }

  @Test(arguments: [
    "zz\r\n", "-1\r\n", "\r\n", "3\r\nabcd\r\n", "3\nabc\r\n", "fffffffff\r\n", "3 \r\nabc\r\n",
  ])
  func refusesBrokenChunks(chunk: String) async throws {
    let answer = try await withServer { client, _ in
      try await client.exchange(
        "POST / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n\(chunk)0\r\n\r\n")
    }
    #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
    #expect(answer.contains("\r\nConnection: close\r\n"))
  }

  @Test func holdsTheLimitsOfSizes() async throws {
    try await withServer({
      $0.maximumHeadBytes = 1000
      $0.maximumBodyBytes = 100
      $0.maximumFieldCount = 20
    }) { client, _ async throws in
      let long = String(repeating: "a", count: 2000)
      #expect(try await client.get("/\(long)").hasPrefix("HTTP/1.1 414 "))
      #expect(try await client.get("/", "X: \(long)\r\n").hasPrefix("HTTP/1.1 431 "))
      let many = (0..<30).map { "X\($0): a\r\n" }.joined()
      #expect(try await client.get("/", many).hasPrefix("HTTP/1.1 431 "))
      let large = "POST / HTTP/1.1\r\n\(Self.host)Content-Length: 101\r\n\r\n"
      #expect(try await client.exchange(large + long).hasPrefix("HTTP/1.1 413 "))
      let chunked = "POST / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n65\r\n"
      #expect(try await client.exchange(chunked + long).hasPrefix("HTTP/1.1 413 "))
      let allowed =
        "POST /large HTTP/1.1\r\n\(Self.host)Connection: close\r\nContent-Length: 2000\r\n\r\n"
      #expect(try await client.exchange(allowed + long).hasSuffix(long))
    }
  }

  @Test func streamsInChunksAndForOldClientsToTheEnd() async throws {
    try await withServer { client, _ in
      let chunked = try await client.get("/stream")
      #expect(chunked.contains("\r\nTransfer-Encoding: chunked\r\n"))
      #expect(
        chunked.hasSuffix(
          "\r\n\r\n8\r\npiece 0\n\r\n8\r\npiece 1\n\r\n8\r\npiece 2\n\r\n0\r\n\r\n"))
      let plain = try await client.exchange("GET /stream HTTP/1.0\r\n\r\n")
      #expect(!plain.contains("Transfer-Encoding"))
      #expect(plain.hasSuffix("\r\n\r\npiece 0\npiece 1\npiece 2\n"))
    }
  }

  @Test func aStreamToAnOldClientEndsItsConnection() async throws {
    // Only the end tells such a client where the stream does; it could wait for it, and asks on here.
    let answer = try await withServer { client, _ in
      try await client.exchange(
        "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /next HTTP/1.0\r\n\r\n")
    }
    #expect(answer.contains("\r\nConnection: close\r\n"))
    #expect(answer.hasSuffix("\r\n\r\npiece 0\npiece 1\npiece 2\n"), "\(answer)")
  }

  @Test func breaksOffWhereAStreamFails() async throws {
    let answer = try await withServer { client, _ in try await client.get("/broken") }
    #expect(answer.hasSuffix("5\r\nbegun\r\n"), "no last chunk, so that the client knows")
  }

  @Test func headHasTheFieldsOfGetAndNoBody() async throws {
    try await withServer { client, _ in
      for path in ["/text", "/stream"] {
        let request = "HEAD \(path) HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n"
        let answer = try await client.exchange(request)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
      }
      let request = "HEAD /text HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n"
      #expect(try await client.exchange(request).contains("\r\nContent-Length: 16000\r\n"))
    }
  }

  @Test(arguments: [
    ("gzip", true), ("br, GZIP;q=0.5", true), ("*", true), ("gzip;q=0", false), ("identity", false),
  ])
  func compressesForThoseWhoTakeIt(accepted: String, compresses: Bool) async throws {
    let answer = try await withServer { client, _ in
      let connection = try await client.connect()
      try await connection.send(
        "GET /text HTTP/1.1\r\n\(Self.host)Connection: close\r\nAccept-Encoding: \(accepted)\r\n\r\n"
      )
      return try await connection.restBytes()
    }
    let end = try #require(Data(answer).range(of: Data("\r\n\r\n".utf8)))
    let header = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
    #expect(header.contains("Vary: Accept-Encoding"))
    #expect(header.contains("Content-Encoding: gzip") == compresses)
    #expect(header.contains("ETag: \"abc\(compresses ? "-gzip" : "")\""))
    #expect((answer.count < 2000) == compresses)
    if compresses { #expect(Array(answer[end.upperBound...].prefix(2)) == [0x1F, 0x8B]) }
  }

  @Test(arguments: ["gzip", "identity"])
  func aKeptBodyIsSentLikeAnyOtherEachTime(accepted: String) async throws {
    try await withServer { client, _ in
      var bodies: [ArraySlice<UInt8>] = []
      for path in ["/text", "/kept", "/kept"] {
        let connection = try await client.connect()
        try await connection.send(
          "GET \(path) HTTP/1.1\r\n\(Self.host)Connection: close\r\nAccept-Encoding: \(accepted)\r\n\r\n"
        )
        let answer = try await connection.restBytes()
        let end = try #require(Data(answer).range(of: Data("\r\n\r\n".utf8)))
        bodies.append(answer[end.upperBound...])
      }
      #expect(Set(bodies).count == 1)
    }
  }

  @Test func continuesWhereTheClientWaitsForIt() async throws {
    try await withServer { client, _ in
      let connection = try await client.connect()
      try await connection.send(
        "POST /c HTTP/1.1\r\n\(Self.host)Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
      )
      #expect(try await connection.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      try await connection.send("ok")
      #expect(try await connection.rest().hasSuffix("POST /c ok"))
    }
  }

  @Test func listensAtAUnixSocketAndTakesAStaleOneAway() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("socket")
    for _ in 0..<2 {
      let answer = try await withServer(unix: path) { client, _ in
        await #expect(throws: ListenError.inUse(.unix(path))) {
          try await HTTPServer(addresses: [.unix(path)], handler: EchoHandler())
        }
        return try await client.get("/here")
      }
      #expect(answer.hasSuffix("GET /here "))
      #expect(!FileManager.default.fileExists(atPath: path))
      // What a killed server leaves.
      let stale = try Socket(domain: Int32(AF_UNIX))
      try stale.bind(to: .unix(path: path))
      try stale.close()
    }
  }

  @Test func whatIsNoSocketStaysInItsPlace() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("socket", "text")
    await #expect(throws: ListenError.notASocket(path: path)) {
      try await HTTPServer(addresses: [.unix(path)], handler: EchoHandler())
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "text")
  }

  @Test func secondServerIsToldThatTheAddressIsTaken() async throws {
    try await withServer { _, server in
      await #expect(throws: ListenError.inUse(server.addresses[0])) {
        try await HTTPServer(addresses: [server.addresses[0]], handler: EchoHandler())
      }
    }
  }
}
