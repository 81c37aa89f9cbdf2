/// A request's path and query, taken apart.
public struct RequestTarget: Sendable, Equatable {
  /// A name of the query with its value.
  public struct QueryItem: Sendable, Equatable {
    /// The name, decoded.
    public let name: String
    /// What follows the first "=", decoded; empty without one.
    public let value: String
  }

  /// As it was sent, without the query.
  public let rawPath: String
  /// The query as it was sent; empty without one.
  public let rawQuery: String
  /// The path's segments, decoded: "/a%2Fb/c" has the two segments "a/b" and "c".
  public let segments: [String]
  /// The query in its order.
  public let query: [QueryItem]

  /// Reads an origin-form target such as "/runs?limit=10"; nil where it is malformed.
  ///
  /// Refused are bad percent-encoding, NUL, what is not UTF-8, and segments "." and "..", which no path
  /// of a service has.
  public init?(_ target: Substring) {
    guard target.utf8.first == UInt8(ascii: "/") else { return nil }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    rawPath = String(parts[0])
    rawQuery = parts.count > 1 ? String(parts[1]) : ""
    var segments: [String] = []
    for segment in parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let decoded = PercentEncoding.decoded(segment), decoded != ".", decoded != ".." else {
        return nil
      }
      segments.append(decoded)
    }
    self.segments = segments
    var query: [QueryItem] = []
    for item in rawQuery.split(separator: "&") {
      let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decoded(sides[0], plusIsSpace: true),
        let value = PercentEncoding.decoded(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
      else { return nil }
      query.append(QueryItem(name: name, value: value))
    }
    self.query = query
  }
}

/// Percent-encoding (RFC 3986, section 2.1).
public enum PercentEncoding {
  /// The text behind the encoding; nil where it is malformed, holds NUL or is not UTF-8.
  static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.next().flatMap(hexadecimalValue),
          let low = rest.next().flatMap(hexadecimalValue)
        else { return nil }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The text as one segment of a path: everything but unreserved characters is encoded.
  public static func segment(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        encoded += byte < 16 ? "%0" : "%"
        encoded += String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
