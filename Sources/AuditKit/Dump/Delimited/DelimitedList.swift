import AuditFiles

/// A TSV or CSV file with a header, each of whose rows names an image and a caption.
struct DelimitedList: CaptionList {
  let path: String
  private let configuration: CrawlConfiguration
  private let header: CaptionFileHeader

  /// Reads the header.
  ///
  /// - Throws: `DumpError` when the file cannot be read, is not UTF-8, or lacks the columns.
  init(path: String, configuration: CrawlConfiguration) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    header = try CaptionFileHeader(
      file: .list(path, configuration, upTo: PositionedFile.lookedAtBytes),
      configuration: configuration)
  }

  func forEachRecord(_ body: (ListRecord) throws -> Void) throws {
    let file = try PositionedFile.list(path, configuration)
    var rows = DelimitedFile(
      file: file, dialect: header.dialect, start: header.start,
      maximumRowBytes: configuration.maximumRecordBytes)
    var isHeader = true
    while let row = try next(of: &rows) {
      if isHeader {
        isHeader = false
        continue
      }
      let content = Result { () throws(RecordFault) in try image(in: row) }
      try body(ListRecord(source: "\(path):\(row.line)", offset: row.offset, content: content))
    }
    if let damage = file.damageRecord { try body(damage) }
  }

  private func next(of rows: inout DelimitedFile) throws(DumpError) -> DelimitedRecord? {
    do {
      return try rows.next()
    } catch {
      throw .unreadable(path: path, operation: "read", code: error.code)
    }
  }

  private func image(in row: DelimitedRecord) throws(RecordFault) -> ListedImage {
    let fields = try fields(of: row)
    guard let name = String(validating: fields[header.imageColumn], as: UTF8.self) else {
      throw RecordFault(reason: .invalidName, message: "the image's path is not UTF-8")
    }
    let origin =
      header.originColumns.isEmpty
      ? nil
      : PairOrigin { name in
        header.originColumns[name].flatMap { column in
          column < fields.count ? String(validating: fields[column], as: UTF8.self) : nil
        }
      }
    let told = header.captionColumns.first { column in
      column < fields.count && fields[column].contains { $0 > 0x20 }
    }
    return ListedImage(
      names: [name], caption: .bytes(fields[told ?? header.captionColumn]), origin: origin)
  }

  private func fields(of row: DelimitedRecord) throws(RecordFault) -> [[UInt8]] {
    switch row.content {
    case .malformed(let message):
      throw RecordFault(reason: .malformedRow, message: message)
    case .tooLong: throw CaptionText.recordTooLong(limit: configuration.maximumRecordBytes)
    case .fields(let fields):
      guard fields.count <= header.columnCount,
        fields.count > max(header.imageColumn, header.captionColumn)
      else {
        throw RecordFault(
          reason: .malformedRow,
          message: "the row has \(fields.count) columns, the header \(header.columnCount)")
      }
      return fields
    }
  }
}
