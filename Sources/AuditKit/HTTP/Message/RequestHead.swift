import HTTPTypes

/// Method, target and header fields of a request, after they were checked.
public struct RequestHead: Sendable, Equatable {
  /// The version a client speaks, which decides on chunks and on how long connections live.
  public enum Version: Sendable, Equatable {
    /// HTTP/1.0: no chunks, and a connection for each request.
    case http10
    /// HTTP/1.1.
    case http11
  }

  /// Such as GET; case matters.
  public let method: HTTPRequest.Method
  /// Path and query.
  public let target: RequestTarget
  /// The version.
  public let version: Version
  /// The header fields.
  public let fields: HTTPFields
  /// How the body's end is told.
  package let framing: BodyFraming

  /// Whether the connection may carry another request.
  package var keepsConnection: Bool {
    let tokens = fields.tokens(of: .connection)
    return version == .http11 ? !tokens.contains("close") : tokens.contains("keep-alive")
  }

  /// Whether the client waits for a "100 Continue" before it sends the body.
  var expectsContinue: Bool {
    fields[.expect]?.lowercased() == "100-continue" && version == .http11
  }
}

/// How the end of a request's body is told (RFC 9112, section 6.3).
package enum BodyFraming: Sendable, Equatable {
  case none
  case length(Int)
  case chunked
}

extension HTTPFields {
  /// The elements of a comma-separated list in lower case, over all fields of the name.
  func tokens(of name: HTTPField.Name) -> [String] {
    self[values: name].flatMap { $0.split(separator: ",") }
      .map { $0.trimmingSpaces.lowercased() }
      .filter { !$0.isEmpty }
  }
}

extension Substring {
  /// Without spaces and tabs at both ends.
  var trimmingSpaces: Substring {
    var text = self
    while let first = text.unicodeScalars.first, first == " " || first == "\t" {
      text.unicodeScalars.removeFirst()
    }
    while let last = text.unicodeScalars.last, last == " " || last == "\t" {
      text.unicodeScalars.removeLast()
    }
    return text
  }
}
