import AuditFiles

/// Expands braces in paths as Python's braceexpand does, which webdataset and open_clip use: `{00000..00331}` with a step
/// or without, upwards or downwards, `{a..e}`, `{a,b}`, one in another.
///
/// A backslash takes the next character as it is. Braces without comma and range stay.
enum BraceExpansion {
  /// What cannot be expanded, for a message.
  struct Fault: Error {
    let message: String
  }

  /// More results than this are a slip of the pen.
  static let maximumCount = 1 << 20
  /// How deep braces may lie in others.
  private static let maximumDepth = 32

  /// All that a pattern stands for, in order.
  static func expanded(_ pattern: String) throws(Fault) -> [String] {
    try expanded(Array(pattern.utf8)[...], depth: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func expanded(
    _ text: ArraySlice<UInt8>, depth: Int
  ) throws(Fault) -> [[UInt8]] {
    guard depth <= maximumDepth else { throw Fault(message: "too many braces in one another") }
    var results: [[UInt8]] = [[]]
    var place = text.startIndex
    while place < text.endIndex {
      switch text[place] {
      case UInt8(ascii: "\\") where place + 1 < text.endIndex:
        for index in results.indices { results[index].append(text[place + 1]) }
        place += 2
      case UInt8(ascii: "{"):
        guard let close = closing(text[place...]) else { throw unbalanced }
        let middle = try alternatives(text[place + 1..<close], depth: depth + 1)
        results = try product(results, middle)
        place = close + 1
      case UInt8(ascii: "}"):
        throw unbalanced
      default:
        let plain = text[place...].prefix { !#"\{}"#.utf8.contains($0) }
        let taken = plain.isEmpty ? text[place...place] : plain
        for index in results.indices { results[index] += taken }
        place = taken.endIndex
      }
    }
    return results
  }

  private static var unbalanced: Fault {
    Fault(message: "a brace that is not closed or not opened")
  }

  private static func product(_ left: [[UInt8]], _ right: [[UInt8]]) throws(Fault) -> [[UInt8]] {
    guard left.count * right.count <= maximumCount else { throw tooMany }
    return left.flatMap { start in right.map { start + $0 } }
  }

  private static var tooMany: Fault { Fault(message: "more than \(maximumCount) shards") }

  /// Where the first brace of some text is closed.
  private static func closing(_ text: ArraySlice<UInt8>) -> Int? {
    separators(in: text.dropFirst(), at: UInt8(ascii: "}")).first
  }

  /// The places of a byte that lie in no braces, up to the end of those that the text lies in.
  private static func separators(in text: ArraySlice<UInt8>, at byte: UInt8) -> [Int] {
    var (found, depth) = ([Int](), 0)
    var place = text.startIndex
    while place < text.endIndex {
      let present = text[place]
      if depth == 0, present == byte { found.append(place) }
      switch present {
      case UInt8(ascii: "\\"): place += 1
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      default: break
      }
      if depth < 0 { break }
      place += 1
    }
    return found
  }

  /// What stands between two braces: a range, a list, or nothing of the kind.
  private static func alternatives(
    _ inside: ArraySlice<UInt8>, depth: Int
  ) throws(Fault) -> [[UInt8]] {
    let commas = separators(in: inside, at: UInt8(ascii: ","))
    guard commas.isEmpty else {
      var results: [[UInt8]] = []
      var start = inside.startIndex
      for end in commas + [inside.endIndex] {
        results += try expanded(inside[start..<end], depth: depth)
        guard results.count <= maximumCount else { throw tooMany }
        start = end + 1
      }
      return results
    }
    if let range = try range(String(decoding: inside, as: UTF8.self)) {
      return range.map { Array($0.utf8) }
    }
    return try expanded(inside, depth: depth).map {
      [UInt8(ascii: "{")] + $0 + [UInt8(ascii: "}")]
    }
  }

  /// Nil for what has no `..`, or braces.
  private static func range(_ text: String) throws(Fault) -> [String]? {
    let parts = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, !text.contains("{") else { return nil }
    let step = parts.count == 3 ? Int(parts[2]) : 1
    guard parts.count <= 3, let step, step > 0 else {
      throw Fault(message: "'{\(text)}' is no range, or its step is no number from 1")
    }
    if let first = Int(parts[0]), let last = Int(parts[1]) {
      let numbers = try places(first, last, step)
      let width = isPadded(parts[0]) || isPadded(parts[1]) ? max(parts[0].count, parts[1].count) : 0
      return numbers.map { number in
        let sign = number < 0 ? "-" : ""
        return sign + String(number.magnitude).zeroPadded(to: width - sign.count)
      }
    }
    guard let first = letters.firstIndex(of: parts[0]), let last = letters.firstIndex(of: parts[1])
    else { throw Fault(message: "'{\(text)}' is no range of numbers or letters") }
    return try places(first, last, step).map { letters[$0] }
  }

  /// As Python orders them.
  private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".map(
    String.init)

  private static func isPadded(_ number: String) -> Bool {
    let digits = number.hasPrefix("-") ? number.dropFirst() : number[...]
    return digits.count > 1 && digits.hasPrefix("0")
  }

  private static func places(_ first: Int, _ last: Int, _ step: Int) throws(Fault) -> [Int] {
    let (distance, overflows) = last.subtractingReportingOverflow(first)
    guard !overflows, distance.magnitude / UInt(step) < maximumCount else { throw tooMany }
    return Array(stride(from: first, through: last, by: distance < 0 ? -step : step))
  }
}
