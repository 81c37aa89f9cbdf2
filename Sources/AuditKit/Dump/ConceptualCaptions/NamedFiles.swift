import AuditFiles

/// The files in a folder and in the folders in it, by their names without endings.
struct NamedFiles: Sendable {
  private let pathOfStem: [String: String]

  /// - Throws: `DumpError` where the folder cannot be listed.
  init(root: String) throws(DumpError) {
    var found: [String: String] = [:]
    var walk = FolderWalk(root: root, maximumDepth: 2)
    while let entry = walk.next() {
      guard case .file(let path) = entry else { continue }
      let stem = FileName.stem(Folder.name(of: path))
      // The first in the order of the walk.
      if found[stem] == nil { found[stem] = path }
    }
    if let failure = walk.rootFailure { throw failure }
    pathOfStem = found
  }

  /// The path, from the root, of the file that has the first of some names.
  func name(of stems: [String]) -> String? {
    for stem in stems where !stem.isEmpty {
      if let path = pathOfStem[stem] { return path }
    }
    return nil
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
