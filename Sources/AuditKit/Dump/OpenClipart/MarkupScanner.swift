/// Walks over tags and text of XML that may be broken, and never fails: what cannot be understood is
/// text, and an end that is missing is the end of the bytes.
struct MarkupScanner {
  enum Token {
    /// A start tag's name without prefix, in lower case.
    case start(String, isEmpty: Bool)
    /// An end tag's name.
    case end(String)
    /// What stands between tags, entities and all.
    case text(ArraySlice<UInt8>)
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next token; nil at the end.
  mutating func next() -> Token? {
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "<") { return .text(take(upTo: "<")) }
      let rest = bytes[position...]
      if rest.starts(with: "<!--".utf8) {
        skip(past: "-->")
      } else if rest.starts(with: "<![CDATA[".utf8) {
        position += 9
        let text = take(upTo: "]]>")
        skip(past: "]]>")
        return .text(text)
      } else if rest.starts(with: "<?".utf8) {
        skip(past: "?>")
      } else if rest.starts(with: "<!".utf8) {
        skipDeclaration()
      } else {
        return tag()
      }
    }
    return nil
  }

  private func find(_ end: String) -> Int? {
    let end = Array(end.utf8)
    var candidate = position
    while let first = bytes[candidate...].firstIndex(of: end[0]) {
      if bytes[first...].starts(with: end) { return first }
      candidate = first + 1
    }
    return nil
  }

  private mutating func take(upTo end: String) -> ArraySlice<UInt8> {
    let start = position
    position = find(end) ?? bytes.count
    return bytes[start..<position]
  }

  private mutating func skip(past end: String) {
    position = find(end).map { $0 + end.utf8.count } ?? bytes.count
  }

  /// `<!DOCTYPE ... [ ... ]>`: the entities in brackets contain `>`.
  private mutating func skipDeclaration() {
    let close = find(">") ?? bytes.count
    if let bracket = find("["), bracket < close { skip(past: "]") }
    skip(past: ">")
  }

  private mutating func tag() -> Token {
    position += 1
    let isEnd = position < bytes.count && bytes[position] == UInt8(ascii: "/")
    if isEnd { position += 1 }
    let start = position
    while position < bytes.count, !Self.endsName.contains(bytes[position]) { position += 1 }
    let qualified = bytes[start..<position]
    let local = qualified.split(separator: UInt8(ascii: ":")).last ?? []
    let name = String(decoding: local, as: UTF8.self).lowercased()
    var quote: UInt8?
    var last: UInt8 = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        break
      }
      last = byte
    }
    return isEnd ? .end(name) : .start(name, isEmpty: last == UInt8(ascii: "/"))
  }

  private static let endsName = Set(" \t\r\n/>".utf8)
}
