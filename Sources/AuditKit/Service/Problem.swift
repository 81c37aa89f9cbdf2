import AuditHTTP
import AuditReport
import Foundation
import GRDB
import HTTPTypes

/// An error as clients get it (RFC 9457).
public struct Problem: Error, Sendable, Equatable {
  /// The kinds of problems; docs/api.md explains each.
  public enum Kind: String, Sendable, CaseIterable {
    /// The request breaks HTTP's rules.
    case malformedRequest = "malformed-request"
    /// A query or path parameter has a value that it does not take.
    case invalidParameter = "invalid-parameter"
    /// The body is not what the endpoint takes.
    case invalidBody = "invalid-body"
    /// The token is missing or wrong.
    case unauthorized
    /// The request may not be made: from another site, or for a path outside the crawl roots.
    case forbidden
    /// There is nothing of this name.
    case notFound = "not-found"
    /// The path does not have this method.
    case methodNotAllowed = "method-not-allowed"
    /// The run's state does not allow it.
    case conflict
    /// Something is larger than it may be.
    case tooLarge = "too-large"
    /// The body's media type is none that the endpoint takes.
    case unsupportedMediaType = "unsupported-media-type"
    /// The idempotency key came with another body before.
    case keyReused = "idempotency-key-reused"
    /// Too many runs wait.
    case queueFull = "queue-full"
    /// The answer, or the request, took too long.
    case timeout
    /// The service cannot do it now.
    case unavailable
    /// A fault of the service's own.
    case internalFault = "internal"

    /// What all problems of the kind have in common, in words.
    public var title: String {
      switch self {
      case .malformedRequest: "The request is malformed"
      case .invalidParameter: "A parameter is invalid"
      case .invalidBody: "The body is invalid"
      case .unauthorized: "A token is needed"
      case .forbidden: "This is not allowed"
      case .notFound: "There is no such thing"
      case .methodNotAllowed: "The method is not allowed"
      case .conflict: "The state does not allow it"
      case .tooLarge: "It is too large"
      case .unsupportedMediaType: "The media type is not supported"
      case .keyReused: "The idempotency key is taken"
      case .queueFull: "Too many runs wait"
      case .timeout: "It took too long"
      case .unavailable: "The service cannot do it now"
      case .internalFault: "The service failed"
      }
    }
  }

  /// The kind.
  public let kind: Kind
  /// The status.
  public let status: HTTPResponse.Status
  /// What was wrong here, and what to do.
  public let detail: String
  /// Header fields beside the usual ones.
  public var fields: HTTPFields = [:]

  /// A problem; the kind's usual status where none is named.
  public init(_ kind: Kind, status: HTTPResponse.Status? = nil, _ detail: String) {
    self.kind = kind
    self.status = status ?? Self.status(of: kind)
    self.detail = detail
  }

  private static func status(of kind: Kind) -> HTTPResponse.Status {
    switch kind {
    case .malformedRequest, .invalidParameter: .badRequest
    case .invalidBody, .keyReused: .unprocessableContent
    case .unauthorized: .unauthorized
    case .forbidden: .forbidden
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .conflict: .conflict
    case .tooLarge: .contentTooLarge
    case .unsupportedMediaType: .unsupportedMediaType
    case .queueFull: .tooManyRequests
    case .timeout, .unavailable: .serviceUnavailable
    case .internalFault: .internalServerError
    }
  }

  /// The problem that an error of the rooms below is to a client.
  ///
  /// A message that could tell of the server's files goes to the log, not to the client.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case ReportError.noRun, ReportError.noPair, ReportError.noRuns, ReportError.missing:
      self.init(.notFound, "\(error)")
    case ReportError.unfinished: self.init(.notFound, "The run has no report yet.")
    case ReportError.invalidCursor: self.init(.invalidParameter, "\(error)")
    case ReportError.notScored: self.init(.conflict, "\(error)")
    case is CancellationError:
      self.init(.timeout, "The answer took too long. Ask for less, or try again later.")
    case ReportError.database, ReportError.cannotOpen:
      self.init(.unavailable, "The report cannot be read or written now. Try again later.")
    case is DatabaseError:
      self.init(.unavailable, "The jobs cannot be read or written now: perhaps the disk is full.")
    default:
      self.init(.internalFault, "Something unexpected happened; the service's log tells what.")
    }
  }

  init(_ fault: RequestFault) {
    let kind: Kind =
      switch fault {
      case .bodyTooLarge, .headTooLarge, .targetTooLong, .tooManyFields: .tooLarge
      case .timeout: .timeout
      case .tooManyConnections, .tooManyBodies: .unavailable
      default: .malformedRequest
      }
    self.init(kind, status: fault.status, fault.detail)
  }

  /// The response; `instance` is the path that was asked for.
  func response(instance: String? = nil) -> Response {
    var fields = fields
    fields[.contentType] = "application/problem+json"
    fields[.cacheControl] = "no-store"
    if kind == .unauthorized { fields[.wwwAuthenticate] = "Bearer realm=\"auditd\"" }
    if status == .tooManyRequests || status == .serviceUnavailable, fields[.retryAfter] == nil {
      fields[.retryAfter] = "5"
    }
    let document = ProblemDocument(
      type: "urn:auditd:problem:\(kind.rawValue)", title: kind.title, status: status.code,
      detail: detail, instance: instance)
    return Response(
      status: status, fields: fields, body: .bytes((try? ServiceJSON.bytes(document)) ?? []))
  }
}

private struct ProblemDocument: Encodable {
  let type: String
  let title: String
  let status: Int
  let detail: String
  let instance: String?
}
