import AuditFiles

/// What lies at the path of a crawl, as far as the formats tell it apart.
struct CrawlPlace {
  let path: String
  let configuration: CrawlConfiguration
  let isFolder: Bool
  /// Names in the folder, sorted by their bytes; empty for a file.
  let names: [String]
  /// What the path stands for, where it is a pattern or a list of shards.
  private let listedShards: [String]?

  init(path: String, configuration: CrawlConfiguration) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    if ShardPaths.isPattern(path), (try? FileStatus(path: path)) == nil {
      listedShards = try ShardPaths.expanded(path)
      isFolder = false
      names = []
      return
    }
    let status = try FileStatus(path: path)
    isFolder = status.kind == .folder
    names = isFolder ? try Folder.names(in: path) : []
    listedShards = Self.name(path, endsIn: [".txt", ".list"]) ? ShardPaths.listed(in: path) : nil
  }

  /// The one format that fits.
  func format() throws(DumpError) -> CrawlFormat {
    if let found = isFolder ? try folderFormat() : fileFormat() { return found }
    if let parquet { throw .parquet(path: parquet) }
    throw .unknownFormat(path: path, lookedFor: CrawlFormat.allCases.map(\.lookedFor))
  }

  private func folderFormat() throws(DumpError) -> CrawlFormat? {
    let captions = names.first { Self.isCaptionFileName($0) && isCaptionList($0) }
    if let shard = names.first(where: isShard) {
      guard let captions else { return .webdataset }
      throw .ambiguous(path: path, candidates: [shard, captions])
    }
    if captions != nil { return .captionFile }
    if isOpenClipart { return .openclipart }
    if names.contains(where: { isList($0) && isCaptionList($0) }) { return .captionFile }
    if !splits.isEmpty { return .captionFile }
    // What lies beside an image says more than a list whose images are found by their names.
    if holdsImagesWithCaptions { return .imageFolder }
    if names.contains(where: isConceptualCaptions) { return .conceptualCaptions }
    if holdsShardsBelow { return .webdataset }
    if names.contains(where: isList) { return .captionFile }
    return nil
  }

  private func fileFormat() -> CrawlFormat? {
    if listedShards != nil || ShardPaths.isShardName(path) { return .webdataset }
    let name = Compression.plainName(path)
    if Self.name(name, endsIn: Self.listEndings) {
      let isConceptual =
        Self.name(name, endsIn: [".tsv"]) && ConceptualCaptionsList.fits(path, configuration)
      return isConceptual ? .conceptualCaptions : .captionFile
    }
    return Self.name(name, endsIn: [".json"]) ? .cocoCaptions : nil
  }

  /// The shards, in the order in which they are read, and what else was found where they were looked for: those in the
  /// folder, or else those in the folders below it.
  func shards() throws(DumpError) -> (paths: [String], faults: [Rejection]) {
    if let listedShards { return (listedShards, []) }
    if !isFolder { return ([path], []) }
    let shards = names.filter(isShard).map { Folder.join(path, $0) }
    if !shards.isEmpty { return (shards, []) }
    var below: [String] = []
    var faults: [Rejection] = []
    var walk = FolderWalk(root: path)
    while let entry = walk.next() {
      switch entry {
      case .file(let file) where isShard(Folder.name(of: file)):
        below.append(Folder.join(path, file))
      case .skipped(let name, let fault):
        faults.append(
          Rejection(
            source: Folder.join(path, name), reason: fault.reason, message: fault.message))
      case .file, .folderEnd: break
      }
    }
    if below.isEmpty { throw wrongFormat(.webdataset) }
    return (below, faults)
  }

  /// The lists of captions: the path itself, or the folder's `captions.*` or `metadata.*`, or the only list in it that
  /// names images and captions, or those of its folders, as Hugging Face's imagefolder has one for each split.
  func captionFiles() throws(DumpError) -> [String] {
    if !isFolder { return [path] }
    let readable = names.filter { isList($0) && isCaptionList($0) }
    let preferred = readable.filter(Self.isCaptionFileName)
    let candidates = preferred.isEmpty ? readable : preferred
    if candidates.count > 1 { throw .ambiguous(path: path, candidates: candidates) }
    if let found = candidates.first { return [Folder.join(path, found)] }
    let splits = splits
    if !splits.isEmpty { return splits }
    guard let first = names.first(where: isList) else {
      throw parquet.map(DumpError.parquet) ?? wrongFormat(.captionFile)
    }
    // None fits: the error of the first says which columns it has.
    return [Folder.join(path, first)]
  }

  /// The table of Conceptual Captions.
  func conceptualCaptions() throws(DumpError) -> String {
    if !isFolder { return path }
    let found = names.filter(isConceptualCaptions)
    if found.count > 1 { throw .ambiguous(path: path, candidates: found) }
    guard let name = found.first else { throw wrongFormat(.conceptualCaptions) }
    return Folder.join(path, name)
  }

  /// That the path is not in a format.
  func wrongFormat(_ format: CrawlFormat) -> DumpError {
    .wrongFormat(path: path, format: format, lookedFor: format.lookedFor)
  }

  var isOpenClipart: Bool {
    guard names.contains("png"), names.contains("svg") else { return false }
    return ["png", "svg"].allSatisfy {
      (try? FileStatus(path: Folder.join(path, $0)))?.kind == .folder
    }
  }
}

extension CrawlPlace {
  private static let listEndings = [".csv", ".tsv", ".jsonl", ".ndjson"]

  /// Whether a list has a name that says that it is the crawl's.
  private static func isCaptionFileName(_ name: String) -> Bool {
    let plain = Compression.plainName(name).lowercased()
    return listEndings.contains { plain == "captions" + $0 || plain == "metadata" + $0 }
  }

  private static func name(_ name: String, endsIn endings: [String]) -> Bool {
    let lowered = name.lowercased()
    return endings.contains { lowered.hasSuffix($0) }
  }

  private func isList(_ name: String) -> Bool {
    !name.hasPrefix(".") && Self.name(Compression.plainName(name), endsIn: Self.listEndings)
  }

  private func isShard(_ name: String) -> Bool {
    !name.hasPrefix(".") && ShardPaths.isShardName(name)
  }

  private func isCaptionList(_ name: String) -> Bool {
    (try? Crawl.list(Folder.join(path, name), configuration)) != nil
  }

  private func isConceptualCaptions(_ name: String) -> Bool {
    isList(name) && Self.name(Compression.plainName(name), endsIn: [".tsv"])
      && ConceptualCaptionsList.fits(Folder.join(path, name), configuration)
  }

  /// The lists in the folders of the folder, one in each that has one.
  private var splits: [String] {
    names.compactMap { name in
      let folder = Folder.join(path, name)
      guard (try? FileStatus(path: folder))?.kind == .folder,
        let inside = try? Folder.names(in: folder),
        let list = inside.first(where: Self.isCaptionFileName)
      else { return nil }
      let file = Folder.join(folder, list)
      return (try? Crawl.list(file, configuration)) == nil ? nil : file
    }
  }

  /// How many files are looked at before a folder is taken for none of images with captions.
  private static let lookedAt = 20_000

  private var holdsImagesWithCaptions: Bool { holdsFiles(where: \.hasPair) }

  /// Whether a folder in the folder, or below, holds shards, as downloads in parts leave them.
  private var holdsShardsBelow: Bool {
    var walk = FolderWalk(root: path)
    var left = Self.lookedAt
    while let entry = walk.next(), left > 0 {
      left -= 1
      if case .file(let file) = entry, isShard(Folder.name(of: file)) { return true }
    }
    return false
  }

  /// A Parquet file: the path itself, or the first that is found in the folder or below.
  private var parquet: String? {
    let ending = [".parquet"]
    if !isFolder { return Self.name(path, endsIn: ending) ? path : nil }
    var walk = FolderWalk(root: path)
    var left = Self.lookedAt
    while let entry = walk.next(), left > 0 {
      left -= 1
      if case .file(let file) = entry, Self.name(file, endsIn: ending) {
        return Folder.join(path, file)
      }
    }
    return nil
  }

  /// Whether images lie in the folder or below, among the first files.
  var holdsImages: Bool { holdsFiles(where: \.hasImage) }

  private func holdsFiles(where isFound: (SiblingFiles) -> Bool) -> Bool {
    var walk = FolderWalk(root: path)
    var files = SiblingFiles()
    var left = Self.lookedAt
    while let entry = walk.next(), left > 0 {
      left -= 1
      switch entry {
      case .file(let file): files.add(file)
      case .skipped: break
      case .folderEnd:
        if isFound(files) { return true }
        files = SiblingFiles()
      }
    }
    return isFound(files)
  }
}
