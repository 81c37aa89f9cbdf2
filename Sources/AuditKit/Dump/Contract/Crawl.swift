import AuditFiles

/// The way into a crawl.
public enum Crawl {
  /// The reader of the crawl at `path`.
  ///
  /// - Parameters:
  ///   - path: A shard, a list of captions, a folder of either, or one of the other formats (docs/formats.md).
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
      let (shards, faults) = try place.shards()
      return WebdatasetReader(shards: shards, faults: faults, configuration: configuration)
    case .captionFile:
      let isAsked =
        format != nil || configuration.imageKey != nil || configuration.captionKey != nil
      return try captionFileReader(place, configuration, isAsked: isAsked)
    case .imageFolder:
      // Where the format was found out, some were seen.
      guard place.isFolder, format == nil || place.holdsImages else {
        throw place.wrongFormat(.imageFolder)
      }
      return ImageFolderReader(root: path, configuration: configuration)
    case .cocoCaptions:
      guard !place.isFolder else { throw place.wrongFormat(.cocoCaptions) }
      let list = try COCOCaptionList(path: path, configuration: configuration)
      return CaptionListReader(
        [list], formatName: "COCO captions", imageRoot: list.imageRoot,
        configuration: configuration)
    case .conceptualCaptions:
      let list = try ConceptualCaptionsList(
        path: try place.conceptualCaptions(), configuration: configuration)
      return CaptionListReader(
        [list], formatName: "Conceptual Captions, images named by \(list.naming.words)",
        imageRoot: Folder.parent(of: list.path), configuration: configuration)
    case .openclipart:
      guard place.isOpenClipart else { throw place.wrongFormat(.openclipart) }
      return OpenClipartReader(root: path)
    }
  }

  private static func captionFileReader(
    _ place: CrawlPlace, _ configuration: CrawlConfiguration, isAsked: Bool
  ) throws(DumpError) -> CaptionListReader {
    var lists: [any CaptionList] = []
    let (paths, faults) = try place.captionFiles()
    for path in paths { lists.append(try list(path, configuration, isAsked: isAsked)) }
    return CaptionListReader(
      lists, formatName: "caption file", faults: faults,
      imageRoot: place.isFolder ? place.path : Folder.parent(of: place.path),
      configuration: configuration)
  }

  /// The list at `path`, by its ending; `isAsked` says that somebody wants it to be one.
  static func list(
    _ path: String, _ configuration: CrawlConfiguration, isAsked: Bool = false
  ) throws(DumpError) -> any CaptionList {
    let name = Compression.plainName(path).lowercased()
    if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
      return try JSONLinesList(path: path, configuration: configuration, isAsked: isAsked)
    }
    return try DelimitedList(path: path, configuration: configuration)
  }
}
