import HTTPTypes

/// Reads a request's head (RFC 9112, sections 2 to 6), strictly: what has two readings is refused.
///
/// Two programs that read one message in two ways are how requests are smuggled past a proxy.
package struct RequestHeadParser {
  private let limits: HTTPLimits

  package init(limits: HTTPLimits) { self.limits = limits }

  /// The head of `bytes`, which end with the CR LF before the empty line.
  package func head(_ bytes: ArraySlice<UInt8>) throws(RequestFault) -> RequestHead {
    var lines = bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst() else { throw malformed("it is empty") }
    let (method, target, version) = try requestLine(try line(first))
    var fields = HTTPFields()
    var count = 0
    for line in lines {
      count += 1
      guard count <= limits.maximumFieldCount else {
        throw .tooManyFields(limit: limits.maximumFieldCount)
      }
      fields.append(try field(try self.line(line)))
    }
    try checkHost(fields, version)
    if let expectation = fields[.expect], expectation.lowercased() != "100-continue" {
      throw .unsupportedExpectation(expectation)
    }
    return RequestHead(
      method: method, target: target, version: version, fields: fields,
      framing: try framing(fields, version))
  }

  private func malformed(_ reason: String) -> RequestFault { .malformed(reason: reason) }

  /// A line without its CR, which must be there; a LF alone ends no line.
  private func line(_ bytes: ArraySlice<UInt8>) throws(RequestFault) -> ArraySlice<UInt8> {
    guard bytes.last == 0x0D else { throw malformed("a line does not end with CR LF") }
    let line = bytes.dropLast()
    guard !line.contains(where: { $0 == 0x0D || $0 == 0 }) else {
      throw malformed("a line holds CR or NUL")
    }
    return line
  }

  private func requestLine(
    _ line: ArraySlice<UInt8>
  ) throws(RequestFault) -> (HTTPRequest.Method, RequestTarget, RequestHead.Version) {
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3 else {
      throw malformed("the request line is not 'METHOD target HTTP/1.1'")
    }
    guard let method = HTTPRequest.Method(String(decoding: parts[0], as: UTF8.self)) else {
      throw malformed("the method is not a token")
    }
    let version: RequestHead.Version
    switch String(decoding: parts[2], as: UTF8.self) {
    case "HTTP/1.1": version = .http11
    case "HTTP/1.0": version = .http10
    case let text where text.hasPrefix("HTTP/"): throw .unsupportedVersion
    default: throw malformed("the request line does not end with a version")
    }
    guard parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let target = RequestTarget(originForm(String(decoding: parts[1], as: UTF8.self)[...]))
    else { throw malformed("the target is not a path with an optional query") }
    return (method, target, version)
  }

  /// The path of "http://host/path", as proxies send it; any other target as it is.
  private func originForm(_ target: Substring) -> Substring {
    for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
      let rest = target.dropFirst(scheme.count)
      // The host ends where a path begins, or a query without one (RFC 3986, section 3.2).
      let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
      return rest[end...].first == "/" ? rest[end...] : Substring("/\(rest[end...])")
    }
    return target
  }

  private func field(_ line: ArraySlice<UInt8>) throws(RequestFault) -> HTTPField {
    // A line that begins with a space would go on with the last one, which is obsolete and ambiguous.
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
    else { throw malformed("a header field has no name") }
    guard let text = String(validating: line[(colon + 1)...], as: UTF8.self) else {
      throw malformed("the field \(name) is not UTF-8")
    }
    let value = String(text[...].trimmingSpaces)
    guard value.unicodeScalars.allSatisfy({ $0 == "\t" || ($0.value >= 0x20 && $0.value != 0x7F) })
    else { throw malformed("the field \(name) holds control characters") }
    return HTTPField(name: name, value: value)
  }

  private func checkHost(
    _ fields: HTTPFields, _ version: RequestHead.Version
  ) throws(RequestFault) {
    let hosts = fields[values: .hostField]
    guard hosts.count <= 1, hosts.count == 1 || version == .http10 else {
      throw malformed("it must have exactly one Host field")
    }
  }

  private func framing(
    _ fields: HTTPFields, _ version: RequestHead.Version
  ) throws(RequestFault) -> BodyFraming {
    let codings = fields.tokens(of: .transferEncoding)
    let lengths = fields[values: .contentLength]
    if let coding = codings.last {
      guard lengths.isEmpty else {
        throw malformed("it has both Content-Length and Transfer-Encoding")
      }
      guard version == .http11 else { throw malformed("HTTP/1.0 has no transfer codings") }
      guard codings.count == 1, coding == "chunked" else {
        throw .unsupportedCoding(codings.joined(separator: ", "))
      }
      return .chunked
    }
    guard fields[values: .transferEncoding].isEmpty else {
      throw malformed("Transfer-Encoding is empty")
    }
    guard let text = lengths.first else { return .none }
    guard lengths.count == 1, !text.isEmpty, text.utf8.count <= 18,
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let length = Int(text)
    else { throw malformed("Content-Length is not one number") }
    return length == 0 ? .none : .length(length)
  }
}

extension HTTPField.Name {
  /// "Host", which HTTPTypes wants to see as the authority of HTTP/2.
  package static let hostField = HTTPField.Name("Host") ?? .userAgent
}
