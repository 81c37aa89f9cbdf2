/// Walks over the headers of a tar archive: ustar, pax `path` and `size`, GNU long names, sizes in
/// base 256.
///
/// Nothing is unpacked.
/// A damaged archive yields what is whole: after bytes that are no header it goes on at the next
/// header, and where the archive is cut it ends with a `damage` event. The same holds for an archive
/// without the block of zeros that ends one, for then nobody knows whether more was to come.
package struct TarArchive {
  private var window: FileWindow
  private let end: Int64
  private var position: Int64 = 0
  private var isFinished = false
  private var extended = Extension()

  /// What extension headers say about the next member.
  private struct Extension {
    var start: Int64?
    var path: [UInt8]?
    var byteCount: Int64?
    var isSparse = false
  }

  /// Longer extension headers than this are no names.
  private static let maximumExtensionBytes: Int64 = 1 << 20
  /// How far behind the end mark another archive, appended with `cat`, is looked for.
  private static let maximumZeroBytes: Int64 = 1 << 16

  package init(file: PositionedFile) {
    window = FileWindow(file: file)
    end = file.byteCount
  }

  /// Bytes of a member, from the same stretch of file that its header came from where it is small.
  package mutating func bytes(of member: TarMember) throws(PositionedFile.ReadFailure)
    -> ArraySlice<UInt8>
  {
    try window.bytes(at: member.dataOffset, count: Int(member.byteCount))
  }

  /// The next event; nil after the last.
  package mutating func next() throws(PositionedFile.ReadFailure) -> TarEvent? {
    while !isFinished {
      if end - position < Int64(TarBlock.byteCount) { return finishEarly() }
      let block = try block(at: position)
      if block.allSatisfy({ $0 == 0 }) {
        try skipEndMark()
      } else if let header = TarHeader(block) {
        if let event = try advance(over: header) { return event }
      } else {
        return try skipDamage()
      }
    }
    return nil
  }

  private mutating func block(at offset: Int64) throws(PositionedFile.ReadFailure)
    -> ArraySlice<UInt8>
  {
    try window.bytes(at: offset, count: TarBlock.byteCount)
  }

  /// Steps over one header with its data; the event when it was a member's.
  private mutating func advance(over header: TarHeader) throws(PositionedFile.ReadFailure)
    -> TarEvent?
  {
    let headerOffset = position
    let dataOffset = headerOffset + Int64(TarBlock.byteCount)
    let isExtension = "xgLK".utf8.contains(header.type)
    let isLink = UInt8(ascii: "1")...UInt8(ascii: "6") ~= header.type
    let byteCount =
      isExtension ? header.byteCount : isLink ? 0 : extended.byteCount ?? header.byteCount
    guard byteCount <= end - dataOffset, let padded = TarBlock.padded(byteCount) else {
      isFinished = true
      return .damage(
        reason: .truncatedArchive, offset: extended.start ?? headerOffset,
        message: """
          the archive ends inside a member: \(byteCount) bytes are announced, \(end - dataOffset) \
          are there
          """)
    }
    position = dataOffset + padded
    if isExtension {
      return try extend(header, at: headerOffset)
    }
    defer { extended = Extension() }
    return .member(
      TarMember(
        name: extended.path ?? header.name, kind: kind(of: header),
        headerOffset: extended.start ?? headerOffset, dataOffset: dataOffset, byteCount: byteCount))
  }

  private func kind(of header: TarHeader) -> TarMember.Kind {
    switch header.type {
    case UInt8(ascii: "0"), UInt8(ascii: "7"), 0:
      // Before ustar, a folder was a file whose name ends in a slash.
      if header.name.last == UInt8(ascii: "/") && extended.path == nil { return .folder }
      return extended.isSparse ? .withoutBytes : .file
    case UInt8(ascii: "5"): return .folder
    default: return .withoutBytes
    }
  }

  /// Takes in an extension header; the event when it is damaged.
  private mutating func extend(_ header: TarHeader, at offset: Int64)
    throws(PositionedFile.ReadFailure) -> TarEvent?
  {
    extended.start = extended.start ?? offset
    // Global records (g) and long link names (K) say nothing about a member's name or bytes.
    guard header.type == UInt8(ascii: "x") || header.type == UInt8(ascii: "L") else { return nil }
    guard header.byteCount <= Self.maximumExtensionBytes else {
      return .damage(
        reason: .corruptArchive, offset: offset,
        message: "an extension header of \(header.byteCount) bytes")
    }
    let payload = try window.bytes(
      at: offset + Int64(TarBlock.byteCount), count: Int(header.byteCount))
    if header.type == UInt8(ascii: "L") {
      extended.path = Array(payload.prefix { $0 != 0 })
      return nil
    }
    guard let records = PaxRecords(payload) else {
      return .damage(
        reason: .corruptArchive, offset: offset, message: "a pax header that breaks the format")
    }
    extended.path = records.path ?? extended.path
    extended.byteCount = records.byteCount ?? extended.byteCount
    extended.isSparse = extended.isSparse || records.isSparse
    return nil
  }

  /// Steps over blocks of zeros: the archive is at its end unless another one follows closely.
  private mutating func skipEndMark() throws(PositionedFile.ReadFailure) {
    let limit = min(end, position + Self.maximumZeroBytes)
    extended = Extension()
    while limit - position >= Int64(TarBlock.byteCount) {
      let block = try block(at: position)
      if block.contains(where: { $0 != 0 }) {
        isFinished = TarHeader(block)?.hasMagic != true
        return
      }
      position += Int64(TarBlock.byteCount)
    }
    isFinished = true
  }

  /// Steps over bytes that are no header, up to the next one.
  private mutating func skipDamage() throws(PositionedFile.ReadFailure) -> TarEvent {
    let offset = position
    extended = Extension()
    repeat {
      position += Int64(TarBlock.byteCount)
      isFinished = end - position < Int64(TarBlock.byteCount)
      if isFinished { break }
    } while try TarHeader(block(at: position))?.hasMagic != true
    let skipped = (isFinished ? end : position) - offset
    let hint = offset == 0 ? try compression() : ""
    return .damage(
      reason: .corruptArchive, offset: offset,
      message: "\(skipped) bytes where a tar header should be\(hint)")
  }

  /// What the first bytes say about a file that is no tar archive.
  private mutating func compression() throws(PositionedFile.ReadFailure) -> String {
    let start = try window.bytes(at: 0, count: 4)
    if start.starts(with: [0x1F, 0x8B]) { return ": the file is compressed with gzip" }
    if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return ": the file is compressed with zstd" }
    return ""
  }

  private mutating func finishEarly() -> TarEvent {
    isFinished = true
    return .damage(
      reason: .truncatedArchive, offset: extended.start ?? position,
      message: end == 0
        ? "the archive has no bytes" : "the archive ends at byte \(end) without its end mark")
  }
}
