import AuditFiles
import CZlib

/// The TSV of Conceptual Captions (CC3M, CC12M), which has a caption and an address a line and no header, beside the
/// images that were fetched from the addresses.
///
/// Downloaders name images each in their own way. Looked for, in this order: the line's number from 0, plain or with
/// nine digits as img2dataset pads them; CRC-32 of the address in decimal, as in the downloader that came with ViLBERT;
/// the last component of the address.
struct ConceptualCaptionsList: CaptionList {
  let path: String
  private let configuration: CrawlConfiguration
  private let files: NamedFiles
  private let isCaptionFirst: Bool

  /// - Throws: `DumpError` when the file or the folder of images cannot be read, or is not in this format.
  init(path: String, configuration: CrawlConfiguration) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    guard let order = try Self.order(of: path, configuration) else {
      throw .wrongFormat(
        path: path, format: .conceptualCaptions,
        lookedFor: CrawlFormat.conceptualCaptions.lookedFor)
    }
    isCaptionFirst = order == .captionFirst
    files = try NamedFiles(root: configuration.imageRoot ?? Folder.parent(of: path))
  }

  private enum Order { case captionFirst, addressFirst }

  /// Which of the two columns of the first row is an address; nil where neither or both are, or there are not two.
  private static func order(
    of path: String, _ configuration: CrawlConfiguration
  ) throws(DumpError) -> Order? {
    var rows = DelimitedFile(
      file: try .list(path, configuration, upTo: PositionedFile.lookedAtBytes), dialect: .tab,
      start: 0, maximumRowBytes: 1 << 16,
      pieceBytes: 1 << 16)
    guard let row = try? rows.next(), case .fields(let fields) = row.content, fields.count == 2
    else { return nil }
    switch (isAddress(fields[0]), isAddress(fields[1])) {
    case (false, true): return .captionFirst
    case (true, false): return .addressFirst
    default: return nil
    }
  }

  private static func isAddress(_ field: [UInt8]) -> Bool {
    field.starts(with: "http://".utf8) || field.starts(with: "https://".utf8)
  }

  /// Whether a file is in this format.
  static func fits(_ path: String, _ configuration: CrawlConfiguration) -> Bool {
    ((try? order(of: path, configuration)) ?? nil) != nil
  }

  func forEachRecord(_ body: (ListRecord) throws -> Void) throws {
    let limit = 2 * configuration.maximumCaptionBytes + (1 << 16)
    let file = try PositionedFile.list(path, configuration)
    var rows = DelimitedFile(file: file, dialect: .tab, start: 0, maximumRowBytes: limit)
    var number = 0
    do {
      while let row = try rows.next() {
        let content = Result { () throws(RecordFault) in try image(in: row, number) }
        number += 1
        try body(ListRecord(source: "\(path):\(row.line)", offset: row.offset, content: content))
      }
    } catch let failure as PositionedFile.ReadFailure {
      throw DumpError.unreadable(path: path, operation: "read", code: failure.code)
    }
    if let damage = file.damageRecord { try body(damage) }
  }

  private func image(in row: DelimitedRecord, _ number: Int) throws(RecordFault) -> ListedImage {
    guard case .fields(let fields) = row.content, fields.count == 2 else {
      throw RecordFault(reason: .malformedRow, message: "the row is no caption and address")
    }
    let (caption, address) = isCaptionFirst ? (fields[0], fields[1]) : (fields[1], fields[0])
    guard Self.isAddress(address), let url = String(validating: address, as: UTF8.self) else {
      throw RecordFault(reason: .malformedRow, message: "the row has no address")
    }
    guard let name = files.name(of: Self.stems(number, url)) else {
      throw RecordFault(reason: .missingImage, message: "no image of \(url.prefix(200)) is there")
    }
    let origin = PairOrigin(url: url, uid: nil, sha256: nil, originalSize: nil)
    return ListedImage(names: [name], caption: .bytes(caption), origin: origin)
  }

  /// What an image may be called, without the ending.
  private static func stems(_ number: Int, _ url: String) -> [String] {
    let digits = String(number)
    let bytes = Array(url.utf8)
    let checksum = crc32(0, bytes, UInt32(bytes.count))
    let address = url.prefix { $0 != "?" && $0 != "#" }
    let last = address.split(separator: "/").last.map(String.init) ?? ""
    return [digits, digits.zeroPadded(to: 9), String(checksum), FileName.stem(last)]
  }
}
