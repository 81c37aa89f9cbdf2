/// The named character references of HTML 5 (https://html.spec.whatwg.org/entities.json).
enum HTMLEntities {
  /// The characters of a name, its semicolon included; old names are known without one too.
  static func value(of name: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar]? {
    guard name.count <= longestName else { return nil }
    return values[String(String.UnicodeScalarView(name))]
  }

  /// Number of names, with and without semicolon.
  static var count: Int { values.count }

  private static let longestName = 32

  private static let values: [String: [Unicode.Scalar]] = {
    var values: [String: [Unicode.Scalar]] = [:]
    for entry in table.split(whereSeparator: \.isWhitespace) {
      let parts = entry.split(separator: ":", maxSplits: 1)
      let scalars = parts[0].split(separator: "+").compactMap { code in
        UInt32(code, radix: 16).flatMap { Unicode.Scalar($0) }
      }
      for name in parts[1].split(separator: ",") {
        let isOld = name.last == "*"
        let plain = String(isOld ? name.dropLast() : name)
        values[plain + ";"] = scalars
        if isOld { values[plain] = scalars }
      }
    }
    return values
  }()
}
