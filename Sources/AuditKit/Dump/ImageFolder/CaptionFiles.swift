import AuditFiles

/// What lies beside an image that is a file of its own, as `ImageFolderReader` looks for it: the caption's file and the `.json`.
///
/// Links are not followed: what they lead to is no part of the crawl.
package struct CaptionFiles: Sendable {
  /// The file with the caption, with its ending in lower case; nil where there is none.
  package let text: (fileExtension: String, bytes: [UInt8])?
  /// The `.json`.
  package let json: [UInt8]?
  /// The caption that they give; nil where there is no usable one.
  package let caption: String?

  /// Reads them.
  ///
  /// - Parameters:
  ///   - path: The image's path.
  ///   - configuration: Names the field of the caption, and limits the size.
  package init(besideImage path: String, _ configuration: CrawlConfiguration) {
    let stem = FileName.stem(Folder.name(of: path))
    let mark = FileName.ending(stem)
    let stems = PairPart.imageMarks.contains(mark) ? [stem, FileName.stem(stem)] : [stem]
    let limit = configuration.maximumCaptionBytes
    func content(_ ending: String) -> [UInt8]? {
      for stem in stems {
        // In the order of their bytes, as the reader has them.
        for ending in [ending.uppercased(), ending] {
          let file = Folder.join(Folder.parent(of: path), "\(stem).\(ending)")
          if let bytes = Self.bytes(of: file, limit) { return bytes }
        }
      }
      return nil
    }
    text =
      PairPart.textEndings.lazy.compactMap { ending in content(ending).map { (ending, $0) } }
      .first
    json = content("json")
    if let text, CaptionPart(hasText: true, hasJSON: json != nil, configuration) == .text {
      caption = try? CaptionText.text(text.bytes, limit: limit)
    } else {
      let field = json.flatMap { try? MetadataObject($0, what: "the .json file") }?
        .text(configuration.captionNames)
      caption = field.flatMap { try? CaptionText.text($0, limit: limit) }
    }
  }

  private static func bytes(of path: String, _ limit: Int) -> [UInt8]? {
    guard (try? FileStatus(withoutFollowing: path))?.kind == .file,
      let file = try? PositionedFile(path: path), file.byteCount <= Int64(limit)
    else { return nil }
    return try? file.read(at: 0, count: Int(file.byteCount))
  }
}
