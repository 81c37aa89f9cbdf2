/// A request with its whole body.
public struct Request: Sendable {
  /// Method, target and header fields.
  public let head: RequestHead
  /// The body, without its framing; empty where there is none.
  public let body: [UInt8]

  /// A request that was read.
  public init(head: RequestHead, body: [UInt8] = []) {
    self.head = head
    self.body = body
  }
}

/// What answers requests.
public protocol RequestHandler: Sendable {
  /// The largest body that is read for a request; asked before any of it is.
  func maximumBodyBytes(for head: RequestHead, default limit: Int) -> Int

  /// Answers a request; errors of its own are responses too.
  func respond(to request: Request) async -> Response

  /// Answers what was refused before it was a whole request.
  func response(for fault: RequestFault) -> Response
}
