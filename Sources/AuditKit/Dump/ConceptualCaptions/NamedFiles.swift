import AuditFiles

/// The files that may be images in a folder and in the folders in it, by their names without endings.
struct NamedFiles: Sendable {
  /// Paths from the root.
  private(set) var paths: [String] = []
  /// Places in `paths`; nil where files in several folders have the name.
  private var placeOfStem: [String: Int?] = [:]

  /// What has a name.
  enum Match {
    /// The file at a place in `paths`.
    case file(Int)
    /// Files in several folders.
    case several
  }

  /// - Throws: `DumpError` where the folder cannot be listed.
  init(root: String) throws(DumpError) {
    var walk = FolderWalk(root: root, maximumDepth: 2)
    while let entry = walk.next() {
      if case .file(let path) = entry { add(path) }
    }
    if let failure = walk.rootFailure { throw failure }
  }

  /// Endings of what lies beside images and is none: captions, metadata, lists, shards.
  private static let otherEndings = Set(
    PairPart.textEndings + [
      "json", "jsonl", "ndjson", "tsv", "csv", "parquet", "tar", "gz", "zst",
    ])

  private mutating func add(_ path: String) {
    let name = Folder.name(of: path)
    let stem = FileName.stem(name)
    if Self.otherEndings.contains(name.dropFirst(stem.count + 1).lowercased()) { return }
    switch placeOfStem[stem] {
    case nil:
      placeOfStem[stem] = .some(paths.count)
      paths.append(path)
    case .some(nil): break
    case .some(let place?) where Folder.parent(of: paths[place]) == Folder.parent(of: path):
      // One image in two encodings: the ending that pairs prefer elsewhere.
      if Self.rank(path) < Self.rank(paths[place]) { paths[place] = path }
    case .some(.some): placeOfStem[stem] = .some(nil)
    }
  }

  private static func rank(_ path: String) -> Int {
    let name = Folder.name(of: path)
    let ending = name.dropFirst(FileName.stem(name).count + 1).lowercased()
    return PairPart.imageEndings.firstIndex(of: ending) ?? .max
  }

  /// What has a name, without its ending; nil where nothing has.
  func match(_ stem: String) -> Match? {
    guard let place = placeOfStem[stem] else { return nil }
    return place.map(Match.file) ?? .several
  }
}

/// A file's name, cut.
enum FileName {
  /// The name without its last ending: `a` of `a.jpg`.
  static func stem(_ name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else {
      return name
    }
    return String(name[..<dot])
  }

  /// What follows the last dot, in lower case: `jpg` of `a.JPG`; empty where there is no ending.
  static func ending(_ name: String) -> String {
    let stem = stem(name)
    return stem.utf8.count == name.utf8.count
      ? "" : String(decoding: name.utf8.dropFirst(stem.utf8.count + 1), as: UTF8.self).lowercased()
  }
}
