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
      {
        $0.headSeconds = 0.4
        // As long as this test takes on a slow machine.
        $0.farewellSeconds = 60
      }, grace: .zero, observe: { if $0.status == .requestTimeout { refusal.open() } }
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
    let broken = Gate()
    try await withServer(
      { $0.writeSeconds = 0.4 },
      observe: { if $0.head != nil, $0.bytes == nil { broken.open() } }
    ) { client, server in
      let connection = try await client.connect()
      try await connection.send("GET /endless HTTP/1.1\r\n\(Self.host)\r\n")
      await broken.wait()
      try await waitUntil { server.connectionCount == 0 }
      connection.close()
    }
  }

  @Test func dropsAClientThatDoesNotEvenReadWhyItIsRefused() async throws {
    let (folder, refusal) = (try TemporaryFolder(), Gate())
    // More than the buffers of a Unix socket hold.
    try await withServer(
      {
        $0.headSeconds = 0.4
        $0.writeSeconds = 0.4
      }, unix: folder.file("socket"), refusalPadding: 8 << 20,
      observe: { if $0.status == .requestTimeout { refusal.open() } }
    ) { client, server in
      let connection = try await client.connect()
      try await connection.send("GET / HTTP/1.1\r\n")
      await refusal.wait()
      // It was late once, and is so again.
      try await waitUntil { server.connectionCount == 0 }
      connection.close()
    }
  }

  @Test func aClientThatTakesALargeAnswerSlowlyGetsAllOfIt() async throws {
    let folder = try TemporaryFolder()
    // The buffers of a Unix socket are small, so that the server waits for the client all the time.
    try await withServer({ $0.writeSeconds = 5 }, unix: folder.file("socket")) { client, _ in
      let connection = try await client.connect()
      defer { connection.close() }
      try await connection.send(
        "GET /huge HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
      var (count, pause) = (0, 0)
      while let bytes = try? await connection.socket.read(atMost: 4096) {
        count += bytes.count
        // Eight seconds in all.
        guard count >= pause else { continue }
        pause += 1 << 16
        try await Task.sleep(for: .milliseconds(60))
      }
      #expect(count > EchoHandler.hugeByteCount)
    }
  }

  @Test func answersBesideTwoThousandIdleConnections() async throws {
    // Both ends of each are in this process.
    try raiseDescriptorLimit(to: 4500)
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
    let connection = try await withServer(grace: .milliseconds(200)) { client, _ in
      let connection = try await client.connect()
      try await connection.send("GET /endless HTTP/1.1\r\n\(Self.host)\r\n")
      // A request that is not at work yet would go with the stop.
      #expect(try await connection.read(until: "HTTP/1.1 200") == "HTTP/1.1 200")
      return connection
    }
    #expect(try await connection.restBytes().starts(with: Array(" OK\r\n".utf8)))
  }

  private func raiseDescriptorLimit(to count: rlim_t) throws {
    let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
    var limit = rlimit()
    let isRead = getrlimit(resource, &limit) == 0
    limit.rlim_cur = limit.rlim_max
    let isSet = setrlimit(resource, &limit) == 0
    try #require(isRead && isSet && limit.rlim_cur >= count, "too few descriptors: ulimit -Hn")
  }

  /// Looks again and again until it holds; the suite's time limit ends what never does.
  private func waitUntil(_ condition: @Sendable () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(5)) }
  }
}
