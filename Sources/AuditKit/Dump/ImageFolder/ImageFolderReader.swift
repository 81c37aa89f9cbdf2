import AuditFiles

/// Reads a tree of folders in which a caption lies beside each image, in a file of the same name: `cat.jpg` with `cat.txt`,
/// `cat.caption` or a `.json`, as img2dataset's `files` layout and many tools for training have it.
///
/// A pair's key is the image's path without its ending.
package struct ImageFolderReader: CrawlReader {
  private let root: String
  private let configuration: CrawlConfiguration

  package init(root: String, configuration: CrawlConfiguration = CrawlConfiguration()) {
    self.root = root
    self.configuration = configuration
  }

  package var formatName: String { "image folder" }

  package func read(_ body: (CrawlRecord) throws -> Void) throws {
    guard var paths = ConfinedPaths(root: root) else { throw DumpError.notFound(path: root) }
    var walk = FolderWalk(root: root)
    var files = SiblingFiles()
    while let entry = walk.next() {
      switch entry {
      case .file(let path): files.add(path)
      case .skipped(let path, let fault):
        try body(.rejected(fault.rejection(of: Folder.join(root, path), at: nil)))
      case .folderEnd:
        for group in files.groups {
          var lost: Rejection?
          if let record = record(of: group, &paths, &lost) { try body(record) }
          if let lost { try body(.rejected(lost)) }
        }
        files = SiblingFiles()
      }
    }
    if let failure = walk.rootFailure { throw failure }
  }

  /// Nil for files that are no part of any pair; `lost` is why a pair's origin is not known.
  private func record(
    of group: SiblingFiles.Group, _ paths: inout ConfinedPaths, _ lost: inout Rejection?
  ) -> CrawlRecord? {
    do throws(RecordFault) {
      return try pair(of: group, &paths, &lost).map { .pair($0) }
    } catch {
      let source = Folder.join(root, group.image ?? group.text ?? group.key)
      return .rejected(error.rejection(of: source, at: nil))
    }
  }

  private func pair(
    of group: SiblingFiles.Group, _ paths: inout ConfinedPaths, _ lost: inout Rejection?
  ) throws(RecordFault) -> Pair? {
    guard let image = group.image else {
      // A lone .json says nothing that a pair lacks: img2dataset leaves one for each failed download.
      guard group.text != nil else { return nil }
      throw RecordFault(reason: .missingImage, message: "no image of this name lies beside it")
    }
    let path = try paths.file(image)
    let metadata = try metadata(of: group, &paths, &lost)
    return Pair(
      key: group.key, caption: try caption(of: group, metadata, &paths),
      image: ImageSource(file: path), origin: metadata?.origin)
  }

  /// - Throws: What is wrong with the `.json`, where the caption would have to come from it.
  private func metadata(
    of group: SiblingFiles.Group, _ paths: inout ConfinedPaths, _ lost: inout Rejection?
  ) throws(RecordFault) -> MetadataObject? {
    guard let json = group.json else { return nil }
    do throws(RecordFault) {
      let what = "the .json file"
      return try MetadataObject(content(of: json, &paths, what: what), what: what)
    } catch {
      guard group.text != nil, configuration.captionKey == nil else { throw error }
      lost = error.ofOriginOnly.rejection(of: Folder.join(root, json), at: nil)
      return nil
    }
  }

  private func caption(
    of group: SiblingFiles.Group, _ metadata: MetadataObject?, _ paths: inout ConfinedPaths
  ) throws(RecordFault) -> String {
    let limit = configuration.maximumCaptionBytes
    // A field that somebody names goes before the text beside it.
    if let text = group.text, configuration.captionKey == nil || metadata == nil {
      return try CaptionText.text(content(of: text, &paths), limit: limit)
    }
    if let caption = metadata?.text(configuration.captionNames) {
      return try CaptionText.text(caption, limit: limit)
    }
    let names = configuration.captionNames.joined(separator: "/")
    let field = "no text in a field '\(names)' of a .json"
    throw RecordFault(
      reason: .missingCaption,
      message: group.text == nil ? "no .txt or .caption of this name, and \(field)" : field)
  }

  private func content(
    of name: String, _ paths: inout ConfinedPaths, what: String = "the caption"
  ) throws(RecordFault) -> [UInt8] {
    let path = try paths.file(name)
    do {
      let file = try PositionedFile(path: path)
      guard file.byteCount <= Int64(configuration.maximumCaptionBytes) else {
        throw CaptionText.tooLong(
          file.byteCount, limit: configuration.maximumCaptionBytes, what: what)
      }
      return try file.read(at: 0, count: Int(file.byteCount))
    } catch let fault as RecordFault {
      throw fault
    } catch {
      throw RecordFault(reason: .unreadableFile, message: "\(path) cannot be read")
    }
  }
}
