/// The name of an archive's member, cut as webdataset cuts it: the key is the path up to the first
/// dot of its last component, the extension is what follows that dot.
struct MemberName {
  /// Whether it stays inside a folder that it would be unpacked in.
  let isSafe: Bool
  /// Without `./` before it; nil where it is not UTF-8 or holds NUL bytes.
  let text: String?

  init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while rest.starts(with: "./".utf8) { rest = rest.dropFirst(2) }
    let components = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    isSafe =
      rest.first != UInt8(ascii: "/") && !components.contains { $0.elementsEqual("..".utf8) }
    text = rest.contains(0) ? nil : String(validating: rest, as: UTF8.self)
  }

  /// Key and lower-case extension; nil for names without either, and for hidden files.
  var parts: (key: String, fileExtension: String)? {
    guard let text else { return nil }
    let bytes = text.utf8
    let baseStart =
      bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes.index(after: $0) } ?? bytes.startIndex
    guard let dot = bytes[baseStart...].firstIndex(of: UInt8(ascii: ".")), dot > baseStart else {
      return nil
    }
    return (String(text[..<dot]), text[bytes.index(after: dot)...].lowercased())
  }
}
