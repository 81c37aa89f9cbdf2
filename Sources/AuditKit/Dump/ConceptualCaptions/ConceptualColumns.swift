/// Where the caption and the address stand in the rows of a TSV of Conceptual Captions.
struct ConceptualColumns: Sendable {
  let caption: Int
  let address: Int
  let columnCount: Int
  /// Whether the first row names the columns.
  let hasHeader: Bool

  /// Told from the first row; nil where it is of something else.
  ///
  /// Either it is a header that names an address and a caption, but no image's path. Or it is a row of two columns, one
  /// of which is an address, or of the five of CC3M's labelled TSV: caption, address, labels, their identifiers and
  /// confidences.
  init?(firstRow fields: [[UInt8]], _ configuration: CrawlConfiguration) {
    columnCount = fields.count
    switch fields.map(Self.isAddress) {
    case [false, true], [false, true, false, false, false]:
      (caption, address, hasHeader) = (0, 1, false)
    case [true, false]: (caption, address, hasHeader) = (1, 0, false)
    default:
      guard let header = Self.header(fields, configuration) else { return nil }
      (caption, address, hasHeader) = (header.caption, header.address, true)
    }
  }

  private static func header(
    _ fields: [[UInt8]], _ configuration: CrawlConfiguration
  ) -> (caption: Int, address: Int)? {
    let names = fields.map { String(decoding: $0, as: UTF8.self) }
    func column(_ wanted: [String]) -> Int? { FieldNames.places(of: wanted, in: names).first }
    guard column(configuration.imageNames) == nil,
      let caption = column(configuration.captionNames),
      let address = column(FieldNames.url), caption != address
    else { return nil }
    return (caption, address)
  }

  static func isAddress(_ field: [UInt8]) -> Bool {
    field.starts(with: "http://".utf8) || field.starts(with: "https://".utf8)
  }
}
