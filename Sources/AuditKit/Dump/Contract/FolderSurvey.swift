import AuditFiles

/// What lies in a folder and below, as far as it tells formats apart: a look at the first files.
struct FolderSurvey {
  private(set) var hasImage = false
  /// Whether an image has its caption beside it.
  private(set) var hasPair = false
  private(set) var hasShard = false
  /// The first Parquet file.
  private(set) var parquet: String?

  /// How many files are looked at before a folder is taken for one of neither.
  private static let lookedAt = 20_000
  /// How many files of unknown endings are looked into, in each folder.
  private static let lookedInto = 10

  /// Ends at the first pair.
  init(root: String) {
    var walk = FolderWalk(root: root)
    var files = SiblingFiles()
    var left = Self.lookedAt
    while !hasPair, left > 0, let entry = walk.next() {
      left -= 1
      switch entry {
      case .file(let file):
        files.add(file)
        hasShard = hasShard || ShardPaths.isShardName(file)
        if parquet == nil, Self.isParquet(file) { parquet = file }
      case .skipped: break
      case .folderEnd:
        take(files, in: root)
        files = SiblingFiles()
      }
    }
    take(files, in: root)
  }

  private mutating func take(_ files: SiblingFiles, in root: String) {
    let groups = files.groups
    hasImage = hasImage || groups.contains { $0.image != nil }
    hasPair = hasPair || groups.contains { $0.isPair }
    guard !hasPair else { return }
    // A look into a few files: in other folders than crawls, none is an image.
    hasPair = groups.lazy.filter(\.lacksImage).prefix(Self.lookedInto)
      .contains { $0.imageOfOtherEnding(in: root) != nil }
    hasImage = hasImage || hasPair
  }

  static func isParquet(_ path: String) -> Bool { path.lowercased().hasSuffix(".parquet") }
}
