import AuditFiles

/// A file with one JSON object a line, each of which names an image and a caption.
struct JSONLinesList: CaptionList {
  let path: String
  private let configuration: CrawlConfiguration

  /// Looks at the first objects.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - configuration: Names of fields, limits.
  ///   - isAsked: Whether somebody says that it is a list: then a long start without records is no reason to refuse it.
  /// - Throws: `DumpError` when the file cannot be read, or no object is found that has both fields.
  init(path: String, configuration: CrawlConfiguration, isAsked: Bool = false) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    var seen = Beginning()
    for limit in Self.lookedAt {
      if try look(at: &seen, upTo: limit) { return }
      if seen.isWhole { break }
    }
    if isAsked && !seen.isWhole { return }
    throw seen.error(path: path, configuration)
  }

  /// How many bytes may come before the first record, broken lines and others: mostly the first number will do.
  private static let lookedAt = [PositionedFile.lookedAtBytes, 1 << 26]

  /// Whether there is a record in the first bytes.
  private func look(at seen: inout Beginning, upTo limit: Int64) throws(DumpError) -> Bool {
    var (file, lines) = try lines(upTo: limit)
    seen = Beginning()
    while let line = try next(of: &lines) {
      guard line.offset < limit else { return false }
      guard !Self.isBlank(line) else { continue }
      seen.lineCount += 1
      guard let bytes = line.bytes, let object = try? MetadataObject(bytes, what: "the line")
      else { continue }
      if object.text(configuration.imageNames) != nil,
        object.text(configuration.captionNames) != nil
      {
        return true
      }
      seen.fields.formUnion(object.names)
    }
    seen.isWhole = file.damage?.kind != .tooLarge
    return false
  }

  private static func isBlank(_ line: LineFile.Line) -> Bool {
    line.bytes?.allSatisfy { $0 == 0x20 || $0 == 0x09 } == true
  }

  private func lines(upTo limit: Int64? = nil) throws(DumpError) -> (PositionedFile, LineFile) {
    let file = try PositionedFile.list(path, configuration, upTo: limit)
    let start: [UInt8]
    do {
      start = try file.read(at: 0, count: 3)
    } catch {
      throw .unreadable(path: path, operation: "read", code: error.code)
    }
    let hasMark = start.starts(with: [0xEF, 0xBB, 0xBF])
    let lines = LineFile(
      file: file, start: hasMark ? 3 : 0, maximumLineBytes: configuration.maximumRecordBytes)
    return (file, lines)
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
      if Self.isBlank(line) { continue }
      let content = Result { () throws(RecordFault) in try image(in: line) }
      try body(
        ListRecord(source: "\(path):\(line.number)", offset: line.offset, content: content))
    }
    if let damage = file.damageRecord { try body(damage) }
  }

  private func image(in line: LineFile.Line) throws(RecordFault) -> ListedImage {
    guard let bytes = line.bytes else {
      throw CaptionText.recordTooLong(limit: configuration.maximumRecordBytes)
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

extension JSONLinesList {
  /// What was seen at the beginning of a list, as long as no record was.
  private struct Beginning {
    /// Lines that are not blank.
    var lineCount = 0
    /// Names of the objects' fields.
    var fields: Set<String> = []
    /// Whether the list ends there.
    var isWhole = false

    func error(path: String, _ configuration: CrawlConfiguration) -> DumpError {
      if lineCount == 0 { return .noRecords(path: path, problem: "is empty") }
      let part = isWhole ? "" : " in its first 64 MiB"
      if fields.isEmpty {
        return .noRecords(path: path, problem: "has no line\(part) that is a JSON object")
      }
      let wanted = [configuration.imageNames, configuration.captionNames]
      let found = fields.sorted()
      let missing = wanted.filter { FieldNames.places(of: $0, in: found).isEmpty }
      guard missing.isEmpty else {
        return .missingColumns(
          path: path, missing: missing.map { $0.joined(separator: "/") }, found: found)
      }
      let names = wanted.flatMap { FieldNames.places(of: $0, in: found) }.map { "'\(found[$0])'" }
      return .noRecords(
        path: path,
        problem: """
          has no record\(part) with text both for an image and a caption, although there are \
          fields \(names.joined(separator: ", "))
          """)
    }
  }
}
