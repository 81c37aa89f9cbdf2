import AuditFiles
import Foundation

/// Reads a TSV or CSV file that names an image and a caption in each row (docs/formats.md).
///
/// A pair's key is the image's path as the file gives it. Where an image has several captions, the
/// second is `path#2` and so on; a row that says the same as an earlier one is rejected.
package struct CaptionFileReader: CrawlReader {
  /// The caption file's path.
  package let path: String
  private let configuration: CrawlConfiguration
  private let header: CaptionFileHeader
  private let imageRoot: String

  /// Reads the header.
  ///
  /// - Throws: `DumpError` when the file cannot be read, is not UTF-8, or lacks the columns.
  package init(
    path: String, configuration: CrawlConfiguration = CrawlConfiguration()
  ) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    header = try CaptionFileHeader(file: Self.open(path), configuration: configuration)
    imageRoot = configuration.imageRoot ?? Folder.parent(of: path)
  }

  package var formatName: String { "caption file" }

  package func read(_ body: (CrawlRecord) throws -> Void) throws {
    guard var paths = ConfinedPaths(root: imageRoot) else {
      throw DumpError.notFound(path: imageRoot)
    }
    // Twice the caption limit: every quote of a long caption may be doubled.
    let limit = 2 * configuration.maximumCaptionBytes + (1 << 16)
    var rows = try DelimitedFile(
      file: Self.open(path), dialect: header.dialect, start: header.start, maximumRowBytes: limit)
    var keys = CaptionKeys()
    var isHeader = true
    while let row = try next(of: &rows) {
      if isHeader {
        isHeader = false
        continue
      }
      let record: CrawlRecord
      do throws(RecordFault) {
        record = .pair(try pair(in: row, &paths, &keys))
      } catch {
        record = .rejected(error.rejection(of: "\(path):\(row.line)", at: row.offset))
      }
      try body(record)
    }
  }

  private static func open(_ path: String) throws(DumpError) -> PositionedFile {
    do {
      return try PositionedFile(path: path)
    } catch {
      switch error {
      case .notAFile: throw .unreadable(path: path, operation: "read", code: EISDIR)
      case .system(ENOENT): throw .notFound(path: path)
      case .system(let code): throw .unreadable(path: path, operation: "open", code: code)
      }
    }
  }

  private func next(of rows: inout DelimitedFile) throws(DumpError) -> DelimitedRecord? {
    do {
      return try rows.next()
    } catch {
      throw .unreadable(path: path, operation: "read", code: error.code)
    }
  }

  private func pair(
    in row: DelimitedRecord, _ paths: inout ConfinedPaths, _ keys: inout CaptionKeys
  ) throws(RecordFault) -> Pair {
    let fields = try fields(of: row)
    guard let name = String(validating: fields[header.filepathColumn], as: UTF8.self) else {
      throw RecordFault(reason: .invalidName, message: "the image's path is not UTF-8")
    }
    let image = try paths.file(name)
    let caption = try CaptionText.text(
      fields[header.titleColumn], limit: configuration.maximumCaptionBytes)
    guard let key = keys.key(for: name, caption: caption) else {
      throw RecordFault(
        reason: .duplicateKey, message: "an earlier row has the same image and caption")
    }
    return Pair(key: key, caption: caption, image: ImageSource(file: image))
  }

  private func fields(of row: DelimitedRecord) throws(RecordFault) -> [[UInt8]] {
    switch row.content {
    case .malformed(let message):
      throw RecordFault(reason: .malformedRow, message: message)
    case .fields(let fields):
      guard fields.count <= header.columnCount,
        fields.count > max(header.filepathColumn, header.titleColumn)
      else {
        throw RecordFault(
          reason: .malformedRow,
          message: "the row has \(fields.count) columns, the header \(header.columnCount)")
      }
      return fields
    }
  }
}

/// Gives each row of a caption file a key of its own.
private struct CaptionKeys {
  private var keys = KeyRegistry()
  private var rows = KeyRegistry()
  private var occurrences: [UInt128: Int] = [:]

  /// Nil for a row that is there already.
  mutating func key(for name: String, caption: String) -> String? {
    guard rows.insert("\(name)\0\(caption)") else { return nil }
    let fingerprint = KeyRegistry.fingerprint(name)
    var key = name
    repeat {
      let count = occurrences[fingerprint, default: 0] + 1
      occurrences[fingerprint] = count
      if count > 1 { key = "\(name)#\(count)" }
    } while !keys.insert(key)
    return key
  }
}
