import AuditFiles
import Foundation

/// Writes a tar archive: ustar headers, with a pax header where name or size do not fit.
///
/// The same members give the same bytes: no times, no owners. The file appears under its name when
/// it is complete; an archive that is not finished leaves nothing.
package struct TarWriter: ~Copyable {
  private var file: AtomicFile

  /// What is copied from another file at once.
  private static let pieceBytes = 1 << 20

  /// Starts the archive that will be `path`.
  package init(path: String) throws(DumpError) {
    do {
      file = try AtomicFile(path: path)
    } catch {
      throw DumpError(error)
    }
  }

  /// Adds one member.
  ///
  /// - Throws: `DumpError.unwritable`; `unwritablePair` for a name that no archive should hold.
  package mutating func append(_ name: String, _ bytes: [UInt8]) throws(DumpError) {
    try append(name, .bytes(bytes))
  }

  /// Adds one member, which may lie in another file.
  ///
  /// - Throws: `DumpError.unwritable`; `unwritablePair` for a name that no archive should hold, and for a file that ends
  ///   before the member does; `unreadable`.
  package mutating func append(_ name: String, _ content: MemberContent) throws(DumpError) {
    guard !name.isEmpty, !name.utf8.contains(0), MemberName(Array(name.utf8)).isSafe else {
      throw .unwritablePair(key: name, problem: "no name for a member of an archive")
    }
    let byteCount = Int(content.byteCount)
    try write(TarHeaderBlock(name: Array(name.utf8), byteCount: byteCount).bytes)
    switch content {
    case .bytes(let bytes): try write(bytes)
    case .stretch(let source, let offset, let byteCount):
      try copy(source, from: offset, byteCount, as: name)
    }
    try write(padding(byteCount))
  }

  private mutating func copy(
    _ source: PositionedFile, from offset: Int64, _ byteCount: Int64, as name: String
  ) throws(DumpError) {
    var copied: Int64 = 0
    while copied < byteCount {
      let wanted = Int(min(Int64(Self.pieceBytes), byteCount - copied))
      let piece: [UInt8]
      do {
        piece = try source.read(at: offset + copied, count: wanted)
      } catch {
        throw .unreadable(path: source.path, operation: "read", code: error.code)
      }
      guard piece.count == wanted else {
        throw .unwritablePair(key: name, problem: "'\(source.path)' was cut while it was read")
      }
      try write(piece)
      copied += Int64(wanted)
    }
  }

  private mutating func write(_ bytes: [UInt8]) throws(DumpError) {
    do {
      try file.append(bytes)
    } catch {
      throw DumpError(error)
    }
  }

  /// Ends the archive and gives it its name.
  package consuming func finish() throws(DumpError) {
    do throws(FileError) {
      try file.append([UInt8](repeating: 0, count: 2 * TarBlock.byteCount))
      try file.finish()
    } catch {
      throw DumpError(error)
    }
  }

  private func padding(_ byteCount: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: (TarBlock.byteCount - byteCount % TarBlock.byteCount) % 512)
  }
}

/// The header of one member, with a pax header before it where ustar is too narrow.
private struct TarHeaderBlock {
  private(set) var bytes: [UInt8] = []

  /// ustar has eleven octal digits for the size.
  private static let maximumByteCount = 1 << 33 - 1

  init(name: [UInt8], byteCount: Int) {
    let isWide = byteCount > Self.maximumByteCount
    var fields = Self.split(name)
    var records: [UInt8] = []
    if fields == nil || name.contains(where: { $0 > 127 }) { records += Self.record("path", name) }
    if isWide { records += Self.record("size", Array(String(byteCount).utf8)) }
    if !records.isEmpty {
      let block = Self.block(
        prefix: [], name: Array("PaxHeader".utf8), byteCount: records.count, type: "x")
      bytes += block + records
      bytes += [UInt8](repeating: 0, count: (512 - records.count % 512) % 512)
      fields = fields ?? ([], Array(name.suffix(100)))
    }
    let (prefix, base) = fields ?? ([], [])
    bytes += Self.block(prefix: prefix, name: base, byteCount: isWide ? 0 : byteCount, type: "0")
  }

  /// Cuts a name at a slash into ustar's prefix and name; nil where no slash is right.
  private static func split(_ name: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
    if name.count <= TarBlock.name.count { return ([], name) }
    let slashes = name.indices.filter { name[$0] == UInt8(ascii: "/") }
    let cut = slashes.first { name.count - $0 - 1 <= TarBlock.name.count && $0 > 0 }
    guard let cut, cut <= TarBlock.prefix.count, cut < name.count - 1 else { return nil }
    return (Array(name[..<cut]), Array(name[(cut + 1)...]))
  }

  /// One pax record; its length counts its own digits.
  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
    let rest = [UInt8](" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
    var length = rest.count
    while String(length).utf8.count + rest.count != length {
      length = String(length).utf8.count + rest.count
    }
    return Array(String(length).utf8) + rest
  }

  private static func block(
    prefix: [UInt8], name: [UInt8], byteCount: Int, type: Unicode.Scalar
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: TarBlock.byteCount)
    func put(_ value: some Collection<UInt8>, _ range: Range<Int>) {
      block.replaceSubrange(range.lowerBound..<(range.lowerBound + value.count), with: value)
    }
    func octal(_ value: Int, digits: Int) -> [UInt8] {
      Array(String(value, radix: 8).zeroPadded(to: digits).utf8)
    }
    put(name, TarBlock.name)
    put(octal(0o644, digits: 7), TarBlock.mode)
    put(octal(0, digits: 7), TarBlock.owner)
    put(octal(0, digits: 7), TarBlock.group)
    put(octal(byteCount, digits: 11), TarBlock.size)
    put(octal(0, digits: 11), TarBlock.modified)
    put("        ".utf8, TarBlock.checksum)
    put([UInt8(ascii: type)], TarBlock.type..<(TarBlock.type + 1))
    put("ustar\0".utf8, TarBlock.magic)
    put("00".utf8, TarBlock.version)
    put(prefix, TarBlock.prefix)
    let sum = block.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6) + [0, 32], TarBlock.checksum)
    return block
  }
}
