import AuditFiles

/// The TSV of Conceptual Captions (CC3M, CC12M), which has a caption and an address a line, beside the images that were
/// fetched from the addresses.
///
/// Downloaders name images each in their own way. One naming is chosen for the whole list: the one by which rows claim
/// the most of the images that are there. What several rows claim by it is nobody's.
struct ConceptualCaptionsList: CaptionList {
  let path: String
  /// What images are named by.
  let naming: ImageNaming
  private let configuration: CrawlConfiguration
  private let files: NamedFiles
  private let claims: ImageClaims
  private let columns: ConceptualColumns

  /// Reads the list once, to see how its images are named.
  ///
  /// - Throws: `DumpError` when the file or the folder of images cannot be read, or is not in this format.
  init(path: String, configuration: CrawlConfiguration) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    guard let columns = try Self.columns(of: path, configuration) else {
      throw .wrongFormat(
        path: path, format: .conceptualCaptions,
        lookedFor: CrawlFormat.conceptualCaptions.lookedFor)
    }
    self.columns = columns
    files = try NamedFiles(root: configuration.imageRoot ?? Folder.parent(of: path))
    (naming, claims) = try Self.naming(of: path, configuration, columns, files)
  }

  private static func columns(
    of path: String, _ configuration: CrawlConfiguration
  ) throws(DumpError) -> ConceptualColumns? {
    var rows = try Rows(path, configuration, columns: nil, upTo: PositionedFile.lookedAtBytes)
    guard case .fields(let fields) = try rows.next()?.record.content else { return nil }
    return ConceptualColumns(firstRow: fields, configuration)
  }

  /// Whether a file is in this format.
  static func fits(_ path: String, _ configuration: CrawlConfiguration) -> Bool {
    ((try? columns(of: path, configuration)) ?? nil) != nil
  }

  private static func naming(
    of path: String, _ configuration: CrawlConfiguration, _ columns: ConceptualColumns,
    _ files: NamedFiles
  ) throws(DumpError) -> (ImageNaming, ImageClaims) {
    var candidates = ImageNaming.allCases.map {
      (naming: $0, claims: ImageClaims(fileCount: files.paths.count))
    }
    var rows = try Rows(path, configuration, columns: columns)
    while let row = try rows.next() {
      guard let (_, address) = try? row.values() else { continue }
      var fingerprint: UInt128?
      for index in candidates.indices {
        let stem = candidates[index].naming.stem(row.number, address)
        guard case .file(let file) = files.match(stem) else { continue }
        let own = fingerprint ?? KeyRegistry.fingerprint(address)
        fingerprint = own
        candidates[index].claims.claim(file, fingerprint: own)
      }
    }
    var best = candidates[0]
    for candidate in candidates.dropFirst() {
      let (own, other) = (candidate.claims, best.claims)
      if (own.claimed, own.undisputed) > (other.claimed, other.undisputed) { best = candidate }
    }
    return best
  }

  func forEachRecord(_ body: (ListRecord) throws -> Void) throws {
    var rows = try Rows(path, configuration, columns: columns)
    while let row = try rows.next() {
      let content = Result { () throws(RecordFault) in try image(of: row) }
      try body(
        ListRecord(
          source: "\(path):\(row.record.line)", offset: row.record.offset, content: content))
    }
    if let damage = rows.damageRecord { try body(damage) }
  }

  private func image(of row: Row) throws(RecordFault) -> ListedImage {
    let (caption, address) = try row.values()
    let stem = naming.stem(row.number, address)
    let shown = "'\(stem.prefix(200))' (\(naming.words))"
    switch files.match(stem) {
    case nil:
      throw RecordFault(reason: .missingImage, message: "no image of the name \(shown) is there")
    case .several:
      throw RecordFault(
        reason: .missingImage,
        message: "several folders have an image of the name \(shown): nobody knows which is it")
    case .file(let file) where claims.isDisputed(file):
      throw RecordFault(
        reason: .missingImage,
        message: "the image of the name \(shown) may be that of other rows as well")
    case .file(let file):
      let origin = PairOrigin(url: address, uid: nil, sha256: nil, originalSize: nil)
      return ListedImage(names: [files.paths[file]], caption: .bytes(caption), origin: origin)
    }
  }
}

extension ConceptualCaptionsList {
  /// A row, and its number among those below the header, from 0.
  private struct Row {
    let record: DelimitedRecord
    let number: Int
    let columns: ConceptualColumns?
    let maximumRecordBytes: Int

    func values() throws(RecordFault) -> (caption: [UInt8], address: String) {
      let fields: [[UInt8]]
      switch record.content {
      case .malformed(let message): throw RecordFault(reason: .malformedRow, message: message)
      case .tooLong: throw CaptionText.recordTooLong(limit: maximumRecordBytes)
      case .fields(let found): fields = found
      }
      guard let columns, fields.count <= columns.columnCount,
        fields.count > max(columns.caption, columns.address)
      else {
        throw RecordFault(reason: .malformedRow, message: "the row is no caption and address")
      }
      let address = fields[columns.address]
      guard ConceptualColumns.isAddress(address),
        let url = String(validating: address, as: UTF8.self)
      else { throw RecordFault(reason: .malformedRow, message: "the row has no address") }
      return (fields[columns.caption], url)
    }
  }

  /// The rows of a list, without its header.
  private struct Rows {
    private let path: String
    private let file: PositionedFile
    private var rows: DelimitedFile
    private let columns: ConceptualColumns?
    private var isHeader: Bool
    private let maximumRecordBytes: Int
    private var number = 0

    init(
      _ path: String, _ configuration: CrawlConfiguration, columns: ConceptualColumns?,
      upTo limit: Int64? = nil
    ) throws(DumpError) {
      self.path = path
      self.columns = columns
      maximumRecordBytes = columns == nil ? 1 << 16 : configuration.maximumRecordBytes
      isHeader = columns?.hasHeader == true
      file = try .list(path, configuration, upTo: limit)
      let start: [UInt8]
      do {
        start = try file.read(at: 0, count: 3)
      } catch {
        throw .unreadable(path: path, operation: "read", code: error.code)
      }
      rows = DelimitedFile(
        file: file, dialect: .tab, start: start == [0xEF, 0xBB, 0xBF] ? 3 : 0,
        maximumRowBytes: maximumRecordBytes)
    }

    mutating func next() throws(DumpError) -> Row? {
      do {
        if isHeader {
          isHeader = false
          _ = try rows.next()
        }
        guard let record = try rows.next() else { return nil }
        defer { number += 1 }
        return Row(
          record: record, number: number, columns: columns, maximumRecordBytes: maximumRecordBytes)
      } catch {
        throw .unreadable(path: path, operation: "read", code: error.code)
      }
    }

    var damageRecord: ListRecord? { file.damageRecord }
  }
}
