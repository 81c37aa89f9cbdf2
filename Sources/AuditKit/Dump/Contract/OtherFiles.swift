import AuditFiles

/// Files of other formats that lie in a crawl's folders and are not read: counted, and told as one finding for each kind.
struct OtherFiles {
  private let root: String
  private let own: Kind
  private let configuration: CrawlConfiguration
  private var found: [Kind: (count: Int, first: String)] = [:]

  /// What makes a crawl of its own.
  enum Kind: CaseIterable {
    case images, shards, lists
  }

  /// - Parameters:
  ///   - root: The crawl's folder.
  ///   - own: What is read.
  ///   - configuration: How lists are read.
  init(root: String, reading own: Kind, _ configuration: CrawlConfiguration) {
    self.root = root
    self.own = own
    self.configuration = configuration
  }

  /// Takes in a file, by its path from the root; what belongs to the format itself, or to none, does not count.
  mutating func add(_ path: String) {
    guard let kind = kind(of: path), kind != own else { return }
    found[kind, default: (0, path)].count += 1
  }

  /// One finding for each kind.
  var rejections: [Rejection] {
    Kind.allCases.compactMap { kind in
      guard let (count, first) = found[kind] else { return nil }
      return Rejection(
        source: Folder.join(root, first), reason: .otherFormat,
        message: "\(kind.words) beside \(own.words) are not read: \(count) here; \(kind.remedy)")
    }
  }

  private func kind(of path: String) -> Kind? {
    let name = Folder.name(of: path)
    // Most files are parts of pairs.
    if let part = PairPart(FileName.ending(name)) { return part.isImage ? .images : nil }
    if ShardPaths.isShardName(name) { return .shards }
    let isList =
      CrawlPlace.isListName(name)
      && (try? Crawl.list(Folder.join(root, path), configuration)) != nil
    return isList ? .lists : nil
  }
}

extension OtherFiles.Kind {
  fileprivate var words: String {
    switch self {
    case .images: "images"
    case .shards: "shards"
    case .lists: "lists of images and captions"
    }
  }

  /// How to read them.
  fileprivate var remedy: String {
    switch self {
    case .images: "read them with --format \(CrawlFormat.imageFolder.rawValue)"
    case .shards: "read them with --format \(CrawlFormat.webdataset.rawValue)"
    case .lists: "give the path of one to read it"
    }
  }
}
