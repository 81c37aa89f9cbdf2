import FlyingSocks
import Foundation
import HTTPTypes

/// A client's connection: requests are read and answered one after the other.
struct Connection: Sendable {
  let socket: AsyncSocket
  let deadline: ConnectionDeadline
  let limits: HTTPLimits
  let handler: any RequestHandler
  let bodies: BodyBudget
  let observe: @Sendable (Exchange) -> Void

  /// What is given to the socket at once: a client that takes a large answer slowly is in time as long as it takes
  /// each piece.
  private static let pieceBytes = 1 << 16

  /// Serves the client until it, its faults or the server end the connection.
  func run() async {
    defer { deadline.close() }
    var reader = RequestReader(
      buffer: ConnectionBuffer(socket: socket), limits: limits, deadline: deadline)
    do {
      while try await exchange(&reader) {}
    } catch let fault as RequestFault {
      await refuse(fault)
    } catch {
      // The client is gone, or was shut down for being slow.
    }
  }

  /// Answers with a refusal, and waits for the client to have read it.
  func refuse(_ fault: RequestFault) async {
    let response = handler.response(for: fault)
    observe(Exchange(head: nil, status: response.status, seconds: 0, bytes: 0))
    do {
      try await writer(for: nil, keepsConnection: false).send(response)
      try await leave()
    } catch {
      // It did not want to know.
    }
  }

  /// Waits for the client to have read the last answer.
  ///
  /// What the client still sends is taken in for a moment: closing on unread bytes would reset the connection,
  /// and the answer could be lost.
  private func leave() async throws {
    // A late client was shut down for reading: nothing more can be read here, but the kernel takes it in,
    // until writing is shut down as well: from then on it resets the connection at the next byte.
    if deadline.wasLate { return try await Task.sleep(for: .seconds(limits.farewellSeconds)) }
    shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
    deadline.set(.reading, seconds: 2)
    var taken = 0
    while taken < 1 << 20 { taken += try await socket.read(atMost: 4096).count }
  }

  /// One request and its answer; false where the connection ends.
  private func exchange(_ reader: inout RequestReader) async throws -> Bool {
    guard let head = try await reader.head() else { return false }
    let began = ContinuousClock.now
    var body: [UInt8] = []
    let lease = bodies.lease()
    // Until the answer is sent: it may hold what was read.
    defer { withExtendedLifetime(lease) {} }
    if head.framing != .none {
      switch handler.admission(of: head, default: limits.maximumBodyBytes) {
      case .refused(let response):
        try await send(response, for: head, began, keepsConnection: false)
        try await leave()
        return false
      case .taken(let limit):
        if case .length(let length) = head.framing, length > limit {
          throw RequestFault.bodyTooLarge(limit: limit)
        }
        if head.expectsContinue {
          try await socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        }
        body = try await reader.body(of: head, limit: limit, lease)
      }
    }
    deadline.set(.answering)
    let response = await handler.respond(to: Request(head: head, body: body))
    let keeps =
      head.keepsConnection && response.keepsConnection(head.version)
      && !deadline.deadlines.isStopping
    try await send(response, for: head, began, keepsConnection: keeps)
    return keeps && !deadline.deadlines.isStopping
  }

  private func send(
    _ response: Response, for head: RequestHead, _ began: ContinuousClock.Instant,
    keepsConnection: Bool
  ) async throws {
    let sent: Int
    do {
      sent = try await writer(for: head, keepsConnection: keepsConnection).send(response)
    } catch {
      observe(Exchange(head: head, status: response.status, began: began, bytes: nil))
      throw error
    }
    observe(Exchange(head: head, status: response.status, began: began, bytes: sent))
  }

  private func writer(for head: RequestHead?, keepsConnection: Bool) -> ResponseWriter {
    ResponseWriter(head: head, keepsConnection: keepsConnection) { bytes in
      for start in stride(from: 0, to: bytes.count, by: Self.pieceBytes) {
        let end = min(start + Self.pieceBytes, bytes.count)
        deadline.set(.writing, seconds: limits.writeSeconds)
        do {
          try await socket.write(Data(bytes[start..<end]))
        } catch {
          throw deadline.isExpired ? ConnectionFault.tooSlow : ConnectionFault.disconnected
        }
      }
      deadline.set(.answering)
    }
  }
}

/// A request and its answer, for logs and counters.
public struct Exchange: Sendable {
  /// The request; nil where it was refused before it was whole.
  public let head: RequestHead?
  /// The answer's status.
  public let status: HTTPResponse.Status
  /// From the end of the head to the end of the answer.
  public let seconds: Double
  /// Bytes sent; nil where the connection broke.
  public let bytes: Int?

  init(head: RequestHead?, status: HTTPResponse.Status, seconds: Double, bytes: Int?) {
    self.head = head
    self.status = status
    self.seconds = seconds
    self.bytes = bytes
  }

  init(
    head: RequestHead, status: HTTPResponse.Status, began: ContinuousClock.Instant, bytes: Int?
  ) {
    let time = (ContinuousClock.now - began).components
    self.init(
      head: head, status: status, seconds: Double(time.seconds) + Double(time.attoseconds) / 1e18,
      bytes: bytes)
  }
}
