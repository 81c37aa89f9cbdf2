import AuditFiles

/// A file with one JSON object a line, each of which names an image and a caption.
struct JSONLinesList: CaptionList {
  let path: String
  private let configuration: CrawlConfiguration

  /// Looks at the first objects.
  ///
  /// - Throws: `DumpError` when the file cannot be read, or none of its first objects has both fields.
  init(path: String, configuration: CrawlConfiguration) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    try look()
  }

  /// How many objects may lack a field before the file is taken for something else.
  private static let lookedAt = 100

  private func look() throws(DumpError) {
    var lines = try lines(upTo: PositionedFile.lookedAtBytes).1
    var found: Set<String> = []
    for _ in 0..<Self.lookedAt {
      guard let line = try next(of: &lines) else { break }
      guard let bytes = line.bytes,
        let object = try? MetadataObject(bytes, what: "the line")
      else { continue }
      if object.text(configuration.imageNames) != nil,
        object.text(configuration.captionNames) != nil
      {
        return
      }
      found.formUnion(object.names)
    }
    let wanted = [configuration.imageNames, configuration.captionNames]
    throw .missingColumns(
      path: path,
      missing: wanted.filter { found.isDisjoint(with: $0) }.map { $0.joined(separator: "/") },
      found: found.sorted())
  }

  private func lines(upTo limit: Int64? = nil) throws(DumpError) -> (PositionedFile, LineFile) {
    let file = try PositionedFile.list(path, configuration, upTo: limit)
    let start: [UInt8]
    do {
      start = try file.read(at: 0, count: 3)
    } catch {
      throw .unreadable(path: path, operation: "read", code: error.code)
    }
    // In JSON, a letter takes at most six bytes.
    let longest = 6 * configuration.maximumCaptionBytes + (1 << 16)
    let hasMark = start.starts(with: [0xEF, 0xBB, 0xBF])
    return (file, LineFile(file: file, start: hasMark ? 3 : 0, maximumLineBytes: longest))
  }

  private func next(of lines: inout LineFile) throws(DumpError) -> LineFile.Line? {
    do {
      return try lines.next()
    } catch {
      throw .unreadable(path: path, operation: "read", code: error.code)
    }
  }

  func forEachRecord(_ body: (ListRecord) throws -> Void) throws {
    var (file, lines) = try lines()
    while let line = try next(of: &lines) {
      if line.bytes?.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) == true { continue }
      let content = Result { () throws(RecordFault) in try image(in: line) }
      try body(
        ListRecord(source: "\(path):\(line.number)", offset: line.offset, content: content))
    }
    if let damage = file.damageRecord { try body(damage) }
  }

  private func image(in line: LineFile.Line) throws(RecordFault) -> ListedImage {
    guard let bytes = line.bytes else {
      throw RecordFault(reason: .malformedRow, message: "the line is too long for a record")
    }
    let object = try MetadataObject(bytes, what: "the line")
    guard let name = object.text(configuration.imageNames) else {
      throw RecordFault(
        reason: .missingImage,
        message: "no text in a field '\(configuration.imageNames.joined(separator: "/"))'")
    }
    guard let caption = object.text(configuration.captionNames) else {
      throw RecordFault(
        reason: .missingCaption,
        message: "no text in a field '\(configuration.captionNames.joined(separator: "/"))'")
    }
    return ListedImage(names: [name], caption: .text(caption), origin: object.origin)
  }
}
