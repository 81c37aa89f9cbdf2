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

/// Whether a request's body is wanted.
public enum BodyAdmission: Sendable {
  /// It is read, up to so many bytes.
  case taken(maximumBytes: Int)
  /// It is not read; this is the answer.
  case refused(Response)
}

/// What answers requests.
public protocol RequestHandler: Sendable {
  /// Whether the body that a head announces is read, and how much of it; asked before any of it is.
  func admission(of head: RequestHead, default limit: Int) -> BodyAdmission

  /// Answers a request; errors of its own are responses too.
  func respond(to request: Request) async -> Response

  /// Answers what was refused before it was a whole request.
  func response(for fault: RequestFault) -> Response
}
