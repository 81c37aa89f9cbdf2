import AuditFiles

/// Names of shards that stand for several (WebDataset's and open_clip's way): `crawl/{00000..00331}.tar`,
/// `a.tar::b.tar`, or a text file with a shard a line.
enum ShardPaths {
  /// Shards, and what was found where they are named and names none.
  typealias Listing = (paths: [String], faults: [Rejection])

  /// Whether a path may stand for several.
  static func isPattern(_ path: String) -> Bool { path.contains("::") || path.contains("{") }

  /// The paths that a pattern stands for; the pattern itself where there is nothing to expand.
  ///
  /// - Throws: `DumpError.invalidSetting` for a range that is none, or one without end.
  static func expanded(_ pattern: String) throws(DumpError) -> [String] {
    do throws(BraceExpansion.Fault) {
      return try alternatives(pattern)
    } catch {
      throw .invalidSetting(
        name: "crawl", value: pattern,
        expected: "a path with ranges such as {00000..00331} (\(error.message))")
    }
  }

  private static func alternatives(_ pattern: String) throws(BraceExpansion.Fault) -> [String] {
    var paths: [String] = []
    for part in pattern.split(separator: "::") {
      paths += try BraceExpansion.expanded(String(part))
    }
    return paths
  }

  /// Whether a name is that of a shard, compressed or not.
  static func isShardName(_ name: String) -> Bool {
    Compression.plainName(name).lowercased().hasSuffix(".tar")
  }
}

extension ShardPaths {
  /// Whether a name may be that of a list of shards, compressed or not.
  static func isListName(_ name: String) -> Bool {
    let plain = Compression.plainName(name).lowercased()
    return plain.hasSuffix(".txt") || plain.hasSuffix(".list")
  }

  private static let maximumListBytes: Int64 = 1 << 26
  private static let maximumLineBytes = 1 << 16

  /// The shards that a file lists, one or one range a line; nil where no line names one.
  static func listed(in path: String) -> Listing? {
    guard let file = try? PositionedFile.opening(path, maximumByteCount: maximumListBytes),
      let start = try? file.read(at: 0, count: 3)
    else { return nil }
    let hasMark = start.starts(with: [0xEF, 0xBB, 0xBF])
    var lines = LineFile(
      file: file, start: hasMark ? 3 : 0, maximumLineBytes: maximumLineBytes)
    var (listing, isList): (Listing, Bool) = (([], []), false)
    while let line = try? lines.next() {
      guard let words = text(of: line), !words.isEmpty, !words.hasPrefix("#") else { continue }
      isList = isList || isShardName(words)
      do throws(RecordFault) {
        let shards = try shards(words, in: Folder.parent(of: path))
        guard listing.paths.count + shards.count <= BraceExpansion.maximumCount else {
          throw RecordFault(reason: .malformedRow, message: "the list names too many shards")
        }
        listing.paths += shards
      } catch {
        listing.faults.append(error.rejection(of: "\(path):\(line.number)", at: line.offset))
      }
    }
    if let damage = file.damage {
      listing.faults.append(
        Rejection(
          source: path, offset: file.byteCount, reason: damage.reason, message: damage.message))
    }
    return isList ? listing : nil
  }

  /// Without white space at its ends, and with marks in place of what is not UTF-8.
  private static func text(of line: LineFile.Line) -> String? {
    guard let bytes = line.bytes else { return "(a line too long for a path)" }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return nil }
    return String(text[first...last])
  }

  /// The shards that a line names.
  private static func shards(
    _ line: String, in folder: String
  ) throws(RecordFault) -> [String] {
    func malformed(_ message: String) -> RecordFault {
      RecordFault(reason: .malformedRow, message: message)
    }
    guard !line.contains("://"), !line.hasPrefix("pipe:") else {
      throw malformed("an address or a command: shards are read from disks, fetch it first")
    }
    func place(_ name: String) -> String { name.hasPrefix("/") ? name : Folder.join(folder, name) }
    var names = [line]
    if isPattern(line), (try? FileStatus(path: place(line))) == nil {
      do throws(BraceExpansion.Fault) {
        names = try alternatives(line)
      } catch {
        throw malformed("the line names no shards: \(error.message)")
      }
    }
    guard names.allSatisfy(isShardName) else { throw malformed("the line names no shard (*.tar)") }
    return names.map(place)
  }
}
