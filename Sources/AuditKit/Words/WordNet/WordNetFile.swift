import AuditFiles
import Foundation

/// A file of WordNet (wndb(5WN)): lines of fields with one space between them, read where it lies.
///
/// The file is mapped, not loaded: opening it takes no time, and only the pages that are looked at
/// take memory, which the system can take back.
struct WordNetFile: Sendable {
  private let content: Data

  private static let lineFeed = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")

  /// Throws the system's error if the file cannot be read.
  init(_ path: String) throws {
    content = try ReadableFolders.contents(of: path, options: .mappedIfSafe)
  }

  /// The line that starts at an offset, without its end; nil outside the file.
  func line(at offset: Int) -> Substring? {
    guard offset >= 0, offset < content.count else { return nil }
    let bytes = content.span
    var end = offset
    while end < bytes.count, bytes[end] != Self.lineFeed { end += 1 }
    let line = bytes.extracting(offset..<end)
    return Substring(String(decoding: (0..<line.count).map { line[$0] }, as: UTF8.self))
  }

  /// The lines whose first field is `key`, in a file sorted by that field's bytes.
  ///
  /// One, but for some words in the lists of exceptions. The licence at the top starts with spaces, so
  /// its lines count as lines of an empty key.
  func lines(key: String) -> [Substring] {
    let bytes = content.span
    var key = key
    key.makeContiguousUTF8()
    let wanted = key.utf8.span
    var (low, high) = (0, bytes.count)
    while low < high {
      var start = low + (high - low) / 2
      while start > low, bytes[start - 1] != Self.lineFeed { start -= 1 }
      if compare(bytes, start, wanted) < 0 {
        low = nextLine(bytes, start)
      } else {
        high = start
      }
    }
    var lines: [Substring] = []
    while low < bytes.count, compare(bytes, low, wanted) == 0 {
      if let line = line(at: low) { lines.append(line) }
      low = nextLine(bytes, low)
    }
    return lines
  }

  private func nextLine(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != Self.lineFeed { end += 1 }
    return min(end + 1, bytes.count)
  }

  /// -1, 0 or 1 as the first field of a line sorts before, as or after the key.
  private func compare(_ bytes: Span<UInt8>, _ start: Int, _ key: Span<UInt8>) -> Int {
    var position = start
    for offset in 0..<key.count {
      guard position < bytes.count, bytes[position] != Self.space, bytes[position] != Self.lineFeed
      else { return -1 }
      if bytes[position] != key[offset] { return bytes[position] < key[offset] ? -1 : 1 }
      position += 1
    }
    let ends =
      position == bytes.count || bytes[position] == Self.space || bytes[position] == Self.lineFeed
    return ends ? 0 : 1
  }
}
