import AuditFiles

/// What lies at the path of a crawl, as far as the formats tell it apart.
struct CrawlPlace {
  let path: String
  let configuration: CrawlConfiguration
  private let isFolder: Bool
  /// Names in the folder, sorted by their bytes; empty for a file.
  private let names: [String]

  init(path: String, configuration: CrawlConfiguration) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    let status = try FileStatus(path: path)
    isFolder = status.kind == .folder
    names = isFolder ? try Folder.names(in: path) : []
  }

  /// The one format that fits.
  func format() throws(DumpError) -> CrawlFormat {
    if isFolder {
      let shards = names(endingIn: [".tar"])
      let captions = names.first { Self.captionFileNames.contains($0) && hasCaptionHeader($0) }
      if let shard = shards.first {
        guard let captions else { return .webdataset }
        throw .ambiguous(path: path, candidates: [shard, captions])
      }
      if captions != nil { return .captionFile }
      if isOpenClipart { return .openclipart }
      if !names(endingIn: Self.captionFileEndings).isEmpty { return .captionFile }
    } else {
      if Self.name(path, endsIn: [".tar"]) { return .webdataset }
      if Self.name(path, endsIn: Self.captionFileEndings) { return .captionFile }
    }
    throw .unknownFormat(path: path, lookedFor: CrawlFormat.allCases.map(\.lookedFor))
  }

  /// The shards, in the order in which they are read.
  func shards() throws(DumpError) -> [String] {
    if !isFolder { return [path] }
    let shards = names(endingIn: [".tar"])
    if shards.isEmpty {
      throw .wrongFormat(
        path: path, format: .webdataset, lookedFor: CrawlFormat.webdataset.lookedFor)
    }
    return shards.map { Folder.join(path, $0) }
  }

  /// The caption file: the path itself, or the folder's `captions.tsv` or `captions.csv`, or the
  /// only list in it that has both columns.
  func captionFile() throws(DumpError) -> String {
    if !isFolder { return path }
    let lists = names(endingIn: Self.captionFileEndings)
    let readable = lists.filter(hasCaptionHeader)
    let preferred = readable.filter { Self.captionFileNames.contains($0) }
    let candidates = preferred.isEmpty ? readable : preferred
    if candidates.count > 1 { throw .ambiguous(path: path, candidates: candidates) }
    if let found = candidates.first { return Folder.join(path, found) }
    guard let first = lists.first else {
      throw .wrongFormat(
        path: path, format: .captionFile, lookedFor: CrawlFormat.captionFile.lookedFor)
    }
    // None fits: the error of the first says which columns it has.
    return Folder.join(path, first)
  }

  var isOpenClipart: Bool {
    guard names.contains("png"), names.contains("svg") else { return false }
    return ["png", "svg"].allSatisfy {
      (try? FileStatus(path: Folder.join(path, $0)))?.kind == .folder
    }
  }

  private static let captionFileNames = ["captions.csv", "captions.tsv"]
  private static let captionFileEndings = [".csv", ".tsv"]

  private func hasCaptionHeader(_ name: String) -> Bool {
    let reader = try? CaptionFileReader(
      path: Folder.join(path, name), configuration: configuration)
    return reader != nil
  }

  private func names(endingIn endings: [String]) -> [String] {
    names.filter { Self.name($0, endsIn: endings) && !$0.hasPrefix(".") }
  }

  private static func name(_ name: String, endsIn endings: [String]) -> Bool {
    let lowered = name.lowercased()
    return endings.contains { lowered.hasSuffix($0) }
  }
}
