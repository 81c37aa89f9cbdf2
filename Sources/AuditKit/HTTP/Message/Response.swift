import HTTPTypes

/// What a request is answered with.
public struct Response: Sendable {
  /// What follows the header.
  public enum Body: Sendable {
    /// Nothing.
    case none
    /// Bytes that are there as a whole.
    case bytes([UInt8])
    /// Bytes that are sent many times.
    case kept(KeptBody)
    /// Bytes that come one piece after another; an error breaks the connection off, so that the client sees
    /// that something is missing.
    case stream(@Sendable (BodyWriter) async throws -> Void)
  }

  /// The status.
  public var status: HTTPResponse.Status
  /// The header fields; those that frame the body are added when it is sent.
  public var fields: HTTPFields
  /// The body.
  public var body: Body

  /// A response of a status, fields and a body.
  public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: Body = .none) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// Whether its end can be told without the end of the connection: a stream's can by chunks only, which HTTP/1.0 lacks.
  func keepsConnection(_ version: RequestHead.Version) -> Bool {
    if case .stream = body { return version == .http11 }
    return true
  }
}

/// Takes a streamed body piece by piece.
public struct BodyWriter: Sendable {
  let send: @Sendable ([UInt8]) async throws -> Void

  /// A writer that hands pieces on.
  public init(send: @escaping @Sendable ([UInt8]) async throws -> Void) { self.send = send }

  /// Sends a piece; waits until the socket has taken it.
  ///
  /// - Throws: `ConnectionFault` where the client is gone or too slow.
  public func write(_ bytes: [UInt8]) async throws {
    guard !bytes.isEmpty else { return }
    try await send(bytes)
  }
}
