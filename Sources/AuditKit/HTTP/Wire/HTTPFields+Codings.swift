import HTTPTypes

extension HTTPFields {
  /// Whether Accept-Encoding takes gzip: by its name, or by "*" where it is not named (RFC 9110, section 12.5.3).
  var acceptsGzip: Bool {
    var (named, any) = (Double?.none, 0.0)
    for token in tokens(of: .acceptEncoding) {
      let parts = token.split(separator: ";", omittingEmptySubsequences: false)
        .map(\.trimmingSpaces)
      let weight = Self.weight(parts.dropFirst())
      switch parts.first {
      case "gzip"?, "x-gzip"?: named = Swift.max(named ?? 0, weight)
      case "*"?: any = Swift.max(any, weight)
      default: break
      }
    }
    return (named ?? any) > 0
  }

  /// How much a client wants something; a weight that is none is taken for "not at all", which is always understood.
  private static func weight(_ parameters: ArraySlice<Substring>) -> Double {
    guard let text = parameters.first(where: { $0.hasPrefix("q=") })?.dropFirst(2) else {
      return 1
    }
    guard let weight = Double(text), (0...1).contains(weight) else { return 0 }
    return weight
  }
}
