/// Forward reading of a file in stretches: small pieces that lie close together cost one system
/// call for many, distant ones do not drag in what lies between.
struct FileWindow {
  let file: PositionedFile
  private var bytes: [UInt8] = []
  private var start: Int64 = 0

  /// What one call reads ahead while pieces lie close together.
  private static let wide = 1 << 16
  /// What it reads after a jump: a header and, most often, the small member behind it.
  private static let narrow = 1 << 12

  init(file: PositionedFile) { self.file = file }

  /// `count` bytes at `offset`; fewer only where the file ends.
  mutating func bytes(at offset: Int64, count: Int) throws(PositionedFile.ReadFailure)
    -> ArraySlice<UInt8>
  {
    let end = start + Int64(bytes.count)
    if offset < start || offset + Int64(count) > end {
      let isNear = offset >= start && offset - end < Int64(Self.wide)
      bytes = try file.read(at: offset, count: max(count, isNear ? Self.wide : Self.narrow))
      start = offset
    }
    let first = Int(offset - start)
    return bytes[first..<min(first + count, bytes.count)]
  }
}
