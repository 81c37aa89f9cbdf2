import AuditHTTP
import FlyingSocks
import Foundation
import HTTPTypes
import Synchronization
import Testing
import TestSupport

/// Holds one side back until the other opens it.
final class Gate: Sendable {
  private let isAwaitedFlag = Atomic(false)
  private let isOpen = Atomic(false)

  /// Whether a request waits.
  var isAwaited: Bool { isAwaitedFlag.load(ordering: .relaxed) }

  func open() { isOpen.store(true, ordering: .relaxed) }

  func wait() async {
    isAwaitedFlag.store(true, ordering: .relaxed)
    while !isOpen.load(ordering: .relaxed) { try? await Task.sleep(for: .milliseconds(5)) }
  }

  /// The same for a thread that may wait.
  func block() {
    isAwaitedFlag.store(true, ordering: .relaxed)
    while !isOpen.load(ordering: .relaxed) { usleep(5000) }
  }
}

/// A handler that tells what it got.
struct EchoHandler: RequestHandler {
  var gate = Gate()
  /// Bytes that are added to a refusal.
  var refusalPadding = 0
  let kept = KeptBody(Array(String(repeating: "the same again. ", count: 1000).utf8))

  static let hugeByteCount = 8 << 20

  func admission(of head: RequestHead, default limit: Int) -> BodyAdmission {
    switch head.target.segments {
    case ["large"]: .taken(maximumBytes: 100_000)
    case ["closed"]: .refused(Response(status: .forbidden, body: .bytes(Array("closed".utf8))))
    default: .taken(maximumBytes: limit)
    }
  }

  func respond(to request: Request) async -> Response {
    switch request.head.target.segments.first {
    case "stream"?:
      Response(
        status: .ok, fields: [.contentType: "text/plain"],
        body: .stream { writer in
          for piece in 0..<3 { try await writer.write(Array("piece \(piece)\n".utf8)) }
        })
    case "broken"?:
      Response(
        status: .ok,
        body: .stream { writer in
          try await writer.write(Array("begun".utf8))
          throw CancellationError()
        })
    case "endless"?:
      Response(
        status: .ok,
        body: .stream { writer in
          while true { try await writer.write([UInt8](repeating: 65, count: 1 << 16)) }
        })
    case "slow"?: await slow()
    case "huge"?:
      Response(
        status: .ok, body: .bytes([UInt8](repeating: 65, count: Self.hugeByteCount)))
    case "text"?:
      Response(
        status: .ok, fields: [.contentType: "text/plain", .eTag: "\"abc\""],
        body: .bytes(kept.bytes))
    case "unchanged"?:
      Response(status: .notModified, fields: [.contentType: "text/plain", .eTag: "\"abc\""])
    case "kept"?:
      Response(
        status: .ok, fields: [.contentType: "text/plain", .eTag: "\"abc\""], body: .kept(kept))
    default:
      Response(
        status: .ok,
        body: .bytes(
          Array("\(request.head.method.rawValue) \(request.head.target.rawPath) ".utf8)
            + request.body))
    }
  }

  private func slow() async -> Response {
    await gate.wait()
    return Response(status: .ok, body: .bytes(Array("slow".utf8)))
  }

  func response(for fault: RequestFault) -> Response {
    Response(
      status: fault.status,
      body: .bytes(Array(fault.detail.utf8) + [UInt8](repeating: 32, count: refusalPadding)))
  }
}

/// A server that runs while `body` does; returns when it has stopped.
@discardableResult
func withServer<Value>(
  _ change: (inout HTTPLimits) -> Void = { _ in }, unix: String? = nil,
  grace: Duration = .seconds(300), gate: Gate = Gate(), refusalPadding: Int = 0,
  observe: @escaping @Sendable (Exchange) -> Void = { _ in },
  _ body: (TestClient, HTTPServer) async throws -> Value
) async throws -> Value {
  var limits = HTTPLimits()
  // A busy machine must not look like a slow client, unless a test is about one.
  limits.headSeconds = 300
  limits.bodySeconds = 300
  limits.idleSeconds = 300
  limits.writeSeconds = 300
  change(&limits)
  let address: ListenAddress = unix.map { .unix($0) } ?? .ipv4("127.0.0.1", port: 0)
  let server = try await HTTPServer(
    addresses: [address], limits: limits,
    handler: EchoHandler(gate: gate, refusalPadding: refusalPadding), observe: observe)
  let (stop, continuation) = AsyncStream.makeStream(of: Void.self)
  let run = Task { await server.run(grace: grace) { for await _ in stop {} } }
  let result: Result<Value, any Error>
  do {
    result = .success(try await body(TestClient(address: server.addresses[0]), server))
  } catch {
    result = .failure(error)
  }
  continuation.finish()
  await run.value
  return try result.get()
}

/// Sends bytes as they are, and reads what comes.
struct TestClient: Sendable {
  let address: ListenAddress

  /// A new connection.
  func connect() async throws -> TestConnection {
    switch address {
    case .ipv4(let host, let port):
      TestConnection(socket: try await .connected(to: .inet(ip4: host, port: port), timeout: 60))
    case .ipv6(let host, let port):
      TestConnection(socket: try await .connected(to: .inet6(ip6: host, port: port), timeout: 60))
    case .unix(let path):
      TestConnection(socket: try await .connected(to: .unix(path: path), timeout: 60))
    }
  }

  /// All that comes back for some bytes until the server ends the connection.
  func exchange(_ text: String) async throws -> String {
    let connection = try await connect()
    defer { connection.close() }
    try await connection.send(text)
    return try await connection.rest()
  }

  /// The same for one GET without keeping the connection.
  func get(_ path: String, _ fields: String = "") async throws -> String {
    try await exchange("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)\r\n")
  }
}

/// One connection of a client.
struct TestConnection: Sendable {
  let socket: AsyncSocket

  func send(_ text: String) async throws { try await socket.write(Data(text.utf8)) }

  /// What comes until `end` does, or the connection ends.
  func read(until end: String) async throws -> String {
    var text = ""
    while !text.hasSuffix(end) {
      guard let bytes = try? await socket.read(atMost: 1) else { break }
      text += String(decoding: bytes, as: UTF8.self)
    }
    return text
  }

  /// What comes until the server ends the connection.
  func rest() async throws -> String { String(decoding: try await restBytes(), as: UTF8.self) }

  func restBytes() async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let more = try? await socket.read(atMost: 4096) { bytes += more }
    return bytes
  }

  func close() { try? socket.close() }
}
