import AuditHTTP
import FlyingSocks
import Foundation
import HTTPTypes
import Testing
import TestSupport

/// Clients that are slow, silent, many, or in the way of a stop.
@Suite(.timeLimit(.minutes(20)))
struct PatienceTests {
  private static let host = "Host: a\r\n"

  @Test func dropsARequestThatTricklesIn() async throws {
    try await withServer({ $0.headSeconds = 0.4 }) { client, server in
      let connection = try await client.connect()
      try await connection.send("GET / HTTP/1.1\r\n")
      let answer = try await connection.rest()
      #expect(answer.hasPrefix("HTTP/1.1 408 "))
      try await waitUntil { server.connectionCount == 0 }
    }
  }

  @Test func aByteNowAndThenBuysNoTime() async throws {
    let refusal = Gate()
    try await withServer(
      { $0.headSeconds = 0.4 }, observe: { if $0.status == .requestTimeout { refusal.open() } }
    ) { client, _ in
      let connection = try await client.connect()
      defer { connection.close() }
      try await connection.send("GET / HTTP/1.1\r\nX: ")
      let trickle = Task {
        while !Task.isCancelled {
          try await connection.send("a")
          try? await Task.sleep(for: .milliseconds(20))
        }
      }
      await refusal.wait()
      trickle.cancel()
      try await trickle.value
      // What it sends after the refusal, and before it reads, must not reset the connection.
      for _ in 0..<10 {
        try await connection.send("a")
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(try await connection.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 408 "))
    }
  }

  @Test func dropsABodyThatDoesNotCome() async throws {
    try await withServer({
      $0.bodySeconds = 0.4
      $0.slowestBytesPerSecond = 1e9
    }) { client, _ in
      let answer = try await client.exchange(
        "POST / HTTP/1.1\r\n\(Self.host)Content-Length: 10\r\n\r\nabc")
      #expect(answer.hasPrefix("HTTP/1.1 408 "))
    }
  }

  @Test func closesIdleConnectionsWithoutAWord() async throws {
    try await withServer({ $0.idleSeconds = 0.4 }) { client, server in
      let connection = try await client.connect()
      #expect(try await connection.rest() == "")
      try await waitUntil { server.connectionCount == 0 }
    }
  }

  @Test func dropsAClientThatDoesNotRead() async throws {
    try await withServer({ $0.writeSeconds = 0.4 }) { client, server in
      let connection = try await client.connect()
      try await connection.send("GET /endless HTTP/1.1\r\n\(Self.host)\r\n")
      try await waitUntil { server.connectionCount == 1 }
      try await waitUntil { server.connectionCount == 0 }
      connection.close()
    }
  }

  @Test func answersBesideTwoThousandIdleConnections() async throws {
    try await withServer { client, server in
      var idle: [TestConnection] = []
      for _ in 0..<2000 { idle.append(try await client.connect()) }
      try await waitUntil { server.connectionCount == 2000 }
      for _ in 0..<20 { #expect(try await client.get("/x").hasSuffix("GET /x ")) }
      // They still work.
      try await idle[1234].send("GET /late HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
      #expect(try await idle[1234].rest().hasSuffix("GET /late "))
      for connection in idle { connection.close() }
      try await waitUntil { server.connectionCount == 0 }
    }
  }

  @Test func tellsTheOneTooMany() async throws {
    try await withServer({ $0.maximumConnections = 3 }) { client, server in
      var open: [TestConnection] = []
      for _ in 0..<3 { open.append(try await client.connect()) }
      try await waitUntil { server.connectionCount == 3 }
      #expect(try await client.connect().rest().hasPrefix("HTTP/1.1 503 "))
      open[0].close()
      try await waitUntil { server.connectionCount == 2 }
      #expect(try await client.get("/again").hasSuffix("GET /again "))
      for connection in open.dropFirst() { connection.close() }
    }
  }

  @Test func stopLetsRequestsEndAndIdleConnectionsGo() async throws {
    let gate = Gate()
    let (connection, request) = try await withServer(gate: gate) { client, server in
      let idle = try await client.connect()
      let connection = try await client.connect()
      try await connection.send("GET /slow HTTP/1.1\r\n\(Self.host)\r\n")
      try await waitUntil { server.connectionCount == 2 && gate.isAwaited }
      Task {
        // Nobody can connect any more when the stop has begun.
        while let probe = try? await client.connect() {
          probe.close()
          try await Task.sleep(for: .milliseconds(5))
        }
        gate.open()
      }
      return (idle, connection)
    }
    #expect(try await connection.rest() == "")
    let answer = try await request.rest()
    #expect(answer.hasSuffix("\r\n\r\nslow"))
    #expect(answer.contains("\r\nConnection: close\r\n"))
  }

  @Test func stopEndsWhatTakesTooLong() async throws {
    // Nobody reads, and the client may take all the time there is: only the stop ends it.
    let connection = try await withServer(grace: .milliseconds(200)) { client, server in
      let connection = try await client.connect()
      try await connection.send("GET /endless HTTP/1.1\r\n\(Self.host)\r\n")
      try await waitUntil { server.connectionCount == 1 }
      return connection
    }
    #expect(try await connection.restBytes().starts(with: Array("HTTP/1.1 200 OK".utf8)))
  }

  /// Looks again and again until it holds; the suite's time limit ends what never does.
  private func waitUntil(_ condition: @Sendable () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(5)) }
  }
}
