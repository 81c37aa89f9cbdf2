import Foundation
import AuditFiles

/// Names of shards that stand for several (WebDataset's and open_clip's way): `crawl/{00000..00331}.tar`,
/// `a.tar::b.tar`, or a text file with a shard a line.
enum ShardPaths {
  /// More names than this are a slip of the pen.
  private static let maximumCount = 1 << 20

  /// Whether a path stands for several.
  static func isPattern(_ path: String) -> Bool {
    path.contains("::") || braces(of: path) != nil
  }

  /// The paths that a pattern stands for.
  ///
  /// - Throws: `DumpError.invalidSetting` for a range that is none, or one without end.
  static func expanded(_ pattern: String) throws(DumpError) -> [String] {
    var paths: [String] = []
    for part in parts(of: pattern) {
      guard let braces = braces(of: part) else {
        paths.append(part)
        continue
      }
      let (before, after) = (part[..<braces.lowerBound], part[braces.upperBound...])
      let inside = part[braces].dropFirst().dropLast()
      for middle in try alternatives(String(inside), of: pattern) {
        // What follows may hold braces too.
        paths += try expanded(before + middle + after)
        guard paths.count <= maximumCount else { throw invalid(pattern) }
      }
    }
    return paths
  }

  /// The shards that a file lists, one a line; nil where it lists something else.
  static func listed(in path: String) -> [String]? {
    guard let file = try? PositionedFile(path: path), file.byteCount <= 1 << 26,
      let bytes = try? file.read(at: 0, count: Int(file.byteCount)),
      let text = String(validating: bytes, as: UTF8.self)
    else { return nil }
    let lines = text.split(whereSeparator: \.isNewline)
      .map { $0.drop(while: \.isWhitespace) }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    guard !lines.isEmpty, lines.allSatisfy({ Self.isShardName(String($0)) }) else { return nil }
    let folder = Folder.parent(of: path)
    return lines.map { $0.hasPrefix("/") ? String($0) : Folder.join(folder, String($0)) }
  }

  /// Whether a name is that of a shard, compressed or not.
  static func isShardName(_ name: String) -> Bool {
    Compression.plainName(name).lowercased().hasSuffix(".tar")
  }

  private static func parts(of pattern: String) -> [String] {
    pattern.split(separator: "::").map(String.init)
  }

  /// The first pair of braces that holds a range or a list.
  private static func braces(of path: String) -> Range<String.Index>? {
    guard let open = path.firstIndex(of: "{"),
      let close = path[open...].firstIndex(of: "}")
    else { return nil }
    let inside = path[open..<close]
    guard inside.contains("..") || inside.contains(",") else { return nil }
    return open..<path.index(after: close)
  }

  /// `a`, `b` for "a,b"; `08`, `09`, `10` for "08..10".
  private static func alternatives(
    _ text: String, of pattern: String
  ) throws(DumpError) -> [String] {
    if text.contains(",") {
      return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let ends = text.components(separatedBy: "..")
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0,
      first <= last, last - first < maximumCount
    else { throw invalid(pattern) }
    // Bash pads with zeros where either end has some.
    let isPadded = ends.contains { $0.count > 1 && $0.hasPrefix("0") }
    let width = isPadded ? max(ends[0].count, ends[1].count) : 0
    return (first...last).map { String($0).zeroPadded(to: width) }
  }

  private static func invalid(_ pattern: String) -> DumpError {
    .invalidSetting(
      name: "crawl", value: pattern,
      expected: "a path with ranges such as {00000..00331}, of a million shards at most")
  }
}
