import HTTPTypes

/// Why a request is refused before any handler sees it; the connection ends after the answer.
public enum RequestFault: Error, Equatable, Sendable {
  /// It breaks HTTP's grammar; `reason` says where.
  case malformed(reason: String)
  /// The request line is longer than the head may be.
  case targetTooLong(limit: Int)
  /// The head is longer than it may be.
  case headTooLarge(limit: Int)
  /// It has more fields than it may have.
  case tooManyFields(limit: Int)
  /// The body is longer than it may be.
  case bodyTooLarge(limit: Int)
  /// The head or the body did not come in time.
  case timeout
  /// A transfer coding other than chunked.
  case unsupportedCoding(String)
  /// A version other than HTTP/1.0 and HTTP/1.1.
  case unsupportedVersion
  /// An expectation other than 100-continue.
  case unsupportedExpectation(String)
  /// More connections than may be open.
  case tooManyConnections(limit: Int)
  /// The bodies of all requests together are larger than they may be.
  case tooManyBodies(limit: Int)

  /// The status that tells the client.
  public var status: HTTPResponse.Status {
    switch self {
    case .malformed: .badRequest
    case .targetTooLong: .uriTooLong
    case .headTooLarge, .tooManyFields: .requestHeaderFieldsTooLarge
    case .bodyTooLarge: .contentTooLarge
    case .timeout: .requestTimeout
    case .unsupportedCoding: .notImplemented
    case .unsupportedVersion: .httpVersionNotSupported
    case .unsupportedExpectation: .expectationFailed
    case .tooManyConnections, .tooManyBodies: .serviceUnavailable
    }
  }

  /// What was wrong and what to do.
  public var detail: String {
    switch self {
    case .malformed(let reason): "The request is malformed: \(reason)."
    case .targetTooLong(let limit): "The request line is longer than \(limit) bytes."
    case .headTooLarge(let limit): "Request line and header are longer than \(limit) bytes."
    case .tooManyFields(let limit): "The header has more than \(limit) fields."
    case .bodyTooLarge(let limit): "The body is longer than \(limit) bytes."
    case .timeout: "The request did not arrive in time. Send it again."
    case .unsupportedCoding(let coding):
      "The transfer coding “\(coding)” is not supported; send Content-Length or chunked."
    case .unsupportedVersion: "Only HTTP/1.0 and HTTP/1.1 are spoken here."
    case .unsupportedExpectation(let value): "The expectation “\(value)” cannot be met."
    case .tooManyConnections(let limit):
      "\(limit) connections are open already. Try again later, or close some."
    case .tooManyBodies(let limit):
      "Other requests' bodies take the \(limit) bytes that there are for all. Try again later."
    }
  }
}

/// Why a connection ends in the middle of things; there is nobody to tell.
public enum ConnectionFault: Error, Equatable, Sendable {
  /// The client is gone.
  case disconnected
  /// The client did not take what was sent in time.
  case tooSlow
}
