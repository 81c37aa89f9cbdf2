import AuditFiles

/// What lies at the path of a crawl, as far as the formats tell it apart.
struct CrawlPlace {
  let path: String
  let configuration: CrawlConfiguration
  let isFolder: Bool
  /// Names in the folder, sorted by their bytes; empty for a file.
  let names: [String]
  /// What the path stands for, where it is a pattern or a list of shards.
  private let listedShards: ShardPaths.Listing?

  init(path: String, configuration: CrawlConfiguration) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    if ShardPaths.isPattern(path), (try? FileStatus(path: path)) == nil {
      let shards = try ShardPaths.expanded(path)
      if shards != [path] {
        listedShards = (shards, [])
        isFolder = false
        names = []
        return
      }
    }
    let status = try FileStatus(path: path)
    isFolder = status.kind == .folder
    names = isFolder ? try Folder.names(in: path) : []
    listedShards = ShardPaths.isListName(path) ? ShardPaths.listed(in: path) : nil
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
    let splits = ListedSplits(in: path, names, configuration)
    if !splits.lists.isEmpty { return .captionFile }
    let survey = FolderSurvey(root: path)
    // What lies beside an image says more than a list whose images are found by their names.
    if survey.hasPair { return .imageFolder }
    if names.contains(where: isConceptualCaptions) { return .conceptualCaptions }
    if survey.hasShard { return .webdataset }
    // None fits: the error says which columns one has.
    return names.contains(where: isList) || splits.failure != nil ? .captionFile : nil
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

  /// The shards in the folder and below, in the order in which they are read, and what else was found there.
  func shards() throws(DumpError) -> (paths: [String], faults: [Rejection]) {
    if let listedShards { return listedShards }
    if !isFolder { return ([path], []) }
    var shards: [String] = []
    var faults: [Rejection] = []
    var others = OtherFiles(root: path, reading: .shards, configuration)
    var walk = FolderWalk(root: path)
    while let entry = walk.next() {
      switch entry {
      case .file(let file):
        if ShardPaths.isShardName(file) { shards.append(Folder.join(path, file)) }
        others.add(file)
      case .skipped(let name, let fault):
        faults.append(fault.rejection(of: Folder.join(path, name), at: nil))
      case .folderEnd: break
      }
    }
    if shards.isEmpty { throw wrongFormat(.webdataset) }
    return (shards, faults + others.rejections)
  }

  /// The lists of captions: the path itself, or the folder's `captions.*` or `metadata.*`, or the only list in it that
  /// names images and captions, or those of its folders, as Hugging Face's imagefolder has one for each split.
  ///
  /// Beside them, what was found in the folders of splits.
  func captionFiles() throws(DumpError) -> (paths: [String], faults: [Rejection]) {
    if !isFolder { return ([path], []) }
    let readable = names.filter { isList($0) && isCaptionList($0) }
    let preferred = readable.filter(Self.isCaptionFileName)
    let candidates = preferred.isEmpty ? readable : preferred
    if candidates.count > 1 { throw .ambiguous(path: path, candidates: candidates) }
    if let found = candidates.first { return ([Folder.join(path, found)], []) }
    let splits = ListedSplits(in: path, names, configuration)
    if !splits.lists.isEmpty { return (splits.lists, splits.faults) }
    // None fits: the error of the first says which columns it has.
    if let first = names.first(where: isList) { return ([Folder.join(path, first)], []) }
    throw splits.failure ?? parquet.map(DumpError.parquet) ?? wrongFormat(.captionFile)
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
  static func isCaptionFileName(_ name: String) -> Bool {
    let plain = Compression.plainName(name).lowercased()
    return listEndings.contains { plain == "captions" + $0 || plain == "metadata" + $0 }
  }

  private static func name(_ name: String, endsIn endings: [String]) -> Bool {
    let lowered = name.lowercased()
    return endings.contains { lowered.hasSuffix($0) }
  }

  /// Whether a name is that of a list, compressed or not.
  static func isListName(_ name: String) -> Bool {
    self.name(Compression.plainName(name), endsIn: listEndings)
  }

  private func isList(_ name: String) -> Bool {
    !name.hasPrefix(".") && Self.isListName(name)
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

  /// A Parquet file: the path itself, or the first that is found in the folder or below.
  private var parquet: String? {
    if isFolder { return FolderSurvey(root: path).parquet.map { Folder.join(path, $0) } }
    return FolderSurvey.isParquet(path) ? path : nil
  }

  /// Whether images lie in the folder or below, among the first files.
  var holdsImages: Bool { FolderSurvey(root: path).hasImage }
}
