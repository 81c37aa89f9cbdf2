/// What the first row of a caption file tells: encoding, separator, columns.
struct CaptionFileHeader {
  let dialect: DelimitedDialect
  let columnCount: Int
  let imageColumn: Int
  let captionColumn: Int
  /// All columns that may hold a caption, the likeliest first.
  let captionColumns: [Int]
  /// Columns that tell where pairs came from, by their names.
  let originColumns: [String: Int]
  /// Where the header row starts: behind a byte-order mark.
  let start: Int64

  /// A header longer than this is none.
  private static let maximumBytes = 1 << 16

  init(file: PositionedFile, configuration: CrawlConfiguration) throws(DumpError) {
    let first: [UInt8]
    var headers: [(dialect: DelimitedDialect, columns: [String])] = []
    do {
      first = try file.read(at: 0, count: 4)
      start = first.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      for dialect in configuration.separator.dialects {
        headers.append((dialect, try Self.columns(of: file, dialect, start)))
      }
    } catch {
      throw .unreadable(path: file.path, operation: "read", code: error.code)
    }
    if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF]) {
      throw .unsupportedEncoding(path: file.path, encoding: "UTF-16")
    }
    for (dialect, columns) in headers {
      let captions = FieldNames.places(of: configuration.captionNames, in: columns)
      guard let image = FieldNames.places(of: configuration.imageNames, in: columns).first,
        let caption = captions.first, image != caption
      else { continue }
      self.dialect = dialect
      columnCount = columns.count
      imageColumn = image
      captionColumn = caption
      captionColumns = captions.filter { $0 != image }
      originColumns = Dictionary(
        FieldNames.origin.compactMap { name in
          FieldNames.places(of: [name], in: columns).first.map { (name, $0) }
        }, uniquingKeysWith: { first, _ in first })
      return
    }
    let best = headers.map(\.columns).max { $0.count < $1.count } ?? []
    guard !best.isEmpty else {
      let problem =
        file.byteCount > start ? "begins without a header" : "is empty, without a header"
      throw .noRecords(path: file.path, problem: problem)
    }
    let wanted = [configuration.imageNames, configuration.captionNames]
    throw .missingColumns(
      path: file.path,
      missing: wanted.filter { FieldNames.places(of: $0, in: best).isEmpty }
        .map { $0.joined(separator: "/") }, found: best)
  }

  private static func columns(
    of file: PositionedFile, _ dialect: DelimitedDialect, _ start: Int64
  ) throws(PositionedFile.ReadFailure) -> [String] {
    var rows = DelimitedFile(
      file: file, dialect: dialect, start: start, maximumRowBytes: maximumBytes, pieceBytes: 4096)
    guard case .fields(let fields) = try rows.next()?.content else { return [] }
    return fields.map { field in
      let name = String(decoding: field, as: UTF8.self)
      return String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
