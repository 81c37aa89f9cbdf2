/// The records of a pax extended header: `length key=value\n`, the length in decimal and its own
/// digits counted.
struct PaxRecords {
  /// The record `path`.
  private(set) var path: [UInt8]?
  /// The record `size`.
  private(set) var byteCount: Int64?
  /// Whether a `GNU.sparse.` record says that the data is a map with holes.
  private(set) var isSparse = false

  /// Nil when the payload breaks the format.
  init?(_ payload: ArraySlice<UInt8>) {
    var rest = payload
    while !rest.isEmpty {
      guard let record = Self.nextRecord(&rest),
        let equals = record.firstIndex(of: UInt8(ascii: "="))
      else { return nil }
      let key = record[..<equals]
      let value = record[(equals + 1)...]
      if key.elementsEqual("path".utf8) {
        path = Array(value)
      } else if key.elementsEqual("size".utf8) {
        guard let size = Self.decimal(value) else { return nil }
        byteCount = size
      } else if key.starts(with: "GNU.sparse.".utf8) {
        isSparse = true
      }
    }
  }

  /// Cuts the first record off `rest`, and returns it without length and newline.
  private static func nextRecord(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let space = rest.prefix(20).firstIndex(of: UInt8(ascii: " ")),
      let length = decimal(rest[..<space]),
      length > Int64(space - rest.startIndex) + 1, length <= Int64(rest.count)
    else { return nil }
    let end = rest.startIndex + Int(length)
    guard rest[end - 1] == UInt8(ascii: "\n") else { return nil }
    defer { rest = rest[end...] }
    return rest[(space + 1)..<(end - 1)]
  }

  private static func decimal(_ digits: ArraySlice<UInt8>) -> Int64? {
    guard 1...18 ~= digits.count else { return nil }
    return digits.reduce(into: Int64?(0)) { sum, byte in
      let digit = Int64(byte) - 48
      sum = 0...9 ~= digit ? sum.map { $0 * 10 + digit } : nil
    }
  }
}
