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

  /// Why a group is no pair, and in which of its files.
  private struct Fault: Error {
    let path: String
    let fault: RecordFault
  }

  package func read(_ body: (CrawlRecord) throws -> Void) throws {
    let confines = configuration.imageRoot ?? root
    guard var paths = ConfinedPaths(root: root, confines: confines) else {
      throw DumpError.notFound(path: confines)
    }
    var walk = FolderWalk(root: root)
    var files = SiblingFiles()
    var others = OtherFiles(root: root, reading: .images, configuration)
    while let entry = walk.next() {
      switch entry {
      case .file(let path):
        files.add(path)
        others.add(path)
      case .skipped(let path, let fault):
        try body(.rejected(fault.rejection(of: Folder.join(root, path), at: nil)))
      case .folderEnd:
        try give(files, &paths, body)
        files = SiblingFiles()
      }
    }
    for rejection in others.rejections { try body(.rejected(rejection)) }
    if let failure = walk.rootFailure { throw failure }
  }

  /// Gives what the files of one folder are.
  private func give(
    _ files: SiblingFiles, _ paths: inout ConfinedPaths, _ body: (CrawlRecord) throws -> Void
  ) throws {
    for group in files.groups {
      var lost: Rejection?
      if let record = record(of: group, &paths, &lost) { try body(record) }
      if let lost { try body(.rejected(lost)) }
    }
    for file in files.displaced {
      let fault = RecordFault(
        reason: .duplicateKey,
        message: "'\(Folder.name(of: file.by))' beside it has the same name and is read")
      try body(.rejected(fault.rejection(of: Folder.join(root, file.path), at: nil)))
    }
  }

  /// Nil for files that are no part of any pair; `lost` is why a pair's origin is not known.
  private func record(
    of group: SiblingFiles.Group, _ paths: inout ConfinedPaths, _ lost: inout Rejection?
  ) -> CrawlRecord? {
    do throws(Fault) {
      return try pair(of: group, &paths, &lost).map { .pair($0) }
    } catch {
      return .rejected(error.fault.rejection(of: Folder.join(root, error.path), at: nil))
    }
  }

  private func pair(
    of group: SiblingFiles.Group, _ paths: inout ConfinedPaths, _ lost: inout Rejection?
  ) throws(Fault) -> Pair? {
    guard let image = group.image ?? group.imageOfOtherEnding(in: root) else {
      // A lone .json says nothing that a pair lacks: img2dataset leaves one for each failed download.
      guard let text = group.text else { return nil }
      let found = group.others.map(Folder.name).prefix(3).joined(separator: ", ")
      let message =
        "no image of this name lies beside it"
        + (found.isEmpty ? "" : ", and this is none: \(found)")
      throw Fault(path: text, fault: RecordFault(reason: .missingImage, message: message))
    }
    let path: String
    do throws(RecordFault) {
      path = try paths.file(image)
    } catch {
      throw Fault(path: image, fault: error)
    }
    let metadata = try metadata(of: group, &paths, &lost)
    return Pair(
      key: group.key, caption: try caption(of: group, image, metadata, &paths),
      image: ImageSource(file: path), origin: metadata?.origin)
  }

  /// - Throws: What is wrong with the `.json`, where the caption would have to come from it.
  private func metadata(
    of group: SiblingFiles.Group, _ paths: inout ConfinedPaths, _ lost: inout Rejection?
  ) throws(Fault) -> MetadataObject? {
    guard let json = group.json else { return nil }
    do throws(RecordFault) {
      let what = "the .json file"
      return try MetadataObject(content(of: json, &paths, what: what), what: what)
    } catch {
      guard captionPart(of: group) == .text else { throw Fault(path: json, fault: error) }
      lost = error.ofOriginOnly.rejection(of: Folder.join(root, json), at: nil)
      return nil
    }
  }

  private func caption(
    of group: SiblingFiles.Group, _ image: String, _ metadata: MetadataObject?,
    _ paths: inout ConfinedPaths
  ) throws(Fault) -> String {
    let limit = configuration.maximumCaptionBytes
    let part = captionPart(of: group)
    do throws(RecordFault) {
      if part == .text, let text = group.text {
        return try CaptionText.text(content(of: text, &paths), limit: limit)
      }
      if let caption = metadata?.text(configuration.captionNames) {
        return try CaptionText.text(caption, limit: limit)
      }
    } catch {
      throw Fault(path: (part == .text ? group.text : group.json) ?? image, fault: error)
    }
    let names = configuration.captionNames.joined(separator: "/")
    let field = "no text in a field '\(names)' of a .json"
    let message = group.text == nil ? "no .txt or .caption of this name, and \(field)" : field
    throw Fault(path: image, fault: RecordFault(reason: .missingCaption, message: message))
  }

  private func captionPart(of group: SiblingFiles.Group) -> CaptionPart? {
    CaptionPart(hasText: group.text != nil, hasJSON: group.json != nil, configuration)
  }

  private func content(
    of name: String, _ paths: inout ConfinedPaths, what: String = "the caption"
  ) throws(RecordFault) -> [UInt8] {
    let path = try paths.file(name, as: .caption)
    let code: Int32
    do {
      let file = try PositionedFile(path: path)
      guard file.byteCount <= Int64(configuration.maximumCaptionBytes) else {
        throw CaptionText.tooLong(
          file.byteCount, limit: configuration.maximumCaptionBytes, what: what)
      }
      return try file.read(at: 0, count: Int(file.byteCount))
    } catch let fault as RecordFault {
      throw fault
    } catch let failure as PositionedFile.OpenFailure {
      throw RecordFault(reason: .unreadableFile, message: "it cannot be read: \(failure.words)")
    } catch let failure as PositionedFile.ReadFailure {
      code = failure.code
    } catch {
      code = 0
    }
    throw RecordFault(
      reason: .unreadableFile, message: "it cannot be read: \(FileError.words(for: code))")
  }
}
