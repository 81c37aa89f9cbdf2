/// Archives made byte by byte, as no writer makes them.
struct TarBytes {
  var bytes: [UInt8] = []

  /// Adds a member; `change` alters the header before its checksum is taken.
  mutating func add(
    _ name: [UInt8], _ data: [UInt8] = [], type: Unicode.Scalar = "0",
    change: (inout [UInt8]) -> Void = { _ in }
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    Self.put(name.prefix(100), at: 0, in: &header)
    Self.put(Self.octal(data.count, digits: 11), at: 124, in: &header)
    Self.put("ustar\u{0}00".utf8, at: 257, in: &header)
    header[156] = UInt8(ascii: type)
    change(&header)
    Self.sign(&header)
    bytes += header + data + [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
  }

  mutating func add(_ name: String, _ text: String, type: Unicode.Scalar = "0") {
    add(Array(name.utf8), Array(text.utf8), type: type)
  }

  /// Adds an image with its caption.
  mutating func addPair(_ key: String, caption: String = "a caption") {
    add("\(key).jpg", "image of \(key)")
    add("\(key).txt", caption)
  }

  mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

  static func sign(_ header: inout [UInt8]) {
    put("        ".utf8, at: 148, in: &header)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + [0], at: 148, in: &header)
  }

  static func put(_ value: some Sequence<UInt8>, at offset: Int, in header: inout [UInt8]) {
    for (index, byte) in value.enumerated() { header[offset + index] = byte }
  }

  static func octal(_ value: Int, digits: Int) -> [UInt8] {
    let text = String(value, radix: 8)
    return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
  }

  /// A pax record whose length counts its own digits.
  static func paxRecord(_ key: String, _ value: String) -> String {
    let rest = " \(key)=\(value)\n"
    var length = rest.utf8.count
    while "\(length)".utf8.count + rest.utf8.count != length {
      length = "\(length)".utf8.count + rest.utf8.count
    }
    return "\(length)\(rest)"
  }
}
