/// The way into a crawl.
public enum Crawl {
  /// The reader of the crawl at `path`.
  ///
  /// - Parameters:
  ///   - path: A shard, a caption file, or a folder of either.
  ///   - format: How to read it; nil finds out from the path.
  ///   - configuration: Column names, limits and the like.
  /// - Returns: A reader that has looked at the path, but read no pair yet.
  /// - Throws: `DumpError`, which says what was looked for, when nothing can be read there.
  public static func reader(
    for path: String, format: CrawlFormat? = nil,
    configuration: CrawlConfiguration = CrawlConfiguration()
  ) throws(DumpError) -> any CrawlReader {
    try configuration.validate()
    let place = try CrawlPlace(path: path, configuration: configuration)
    let found = if let format { format } else { try place.format() }
    switch found {
    case .webdataset:
      return WebdatasetReader(shards: try place.shards(), configuration: configuration)
    case .captionFile:
      return try CaptionFileReader(path: try place.captionFile(), configuration: configuration)
    case .openclipart:
      guard place.isOpenClipart else {
        throw .wrongFormat(
          path: path, format: .openclipart, lookedFor: CrawlFormat.openclipart.lookedFor)
      }
      return OpenClipartReader(root: path)
    }
  }
}
