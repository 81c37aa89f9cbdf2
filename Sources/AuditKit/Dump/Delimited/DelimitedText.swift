/// A delimited text that is in memory as a whole.
package enum DelimitedText {
  /// Its rows that are not blank.
  ///
  /// As in a file, a row that breaks the format costs its first line only.
  package static func records(
    in bytes: [UInt8], dialect: DelimitedDialect
  ) -> [DelimitedRecord] {
    var records: [DelimitedRecord] = []
    var (position, line) = (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, 1)
    let row = DelimitedRow(dialect: dialect, end: bytes.count, isWhole: true)
    while position < bytes.count {
      let content: DelimitedRecord.Content
      let next: Int
      switch row.row(in: bytes, from: position) {
      case .fields(let fields, let end): (content, next) = (.fields(fields), end)
      case .needsMore: (content, next) = (.malformed("the row does not end"), bytes.count)
      case .malformed(let message):
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n"))
        (content, next) = (.malformed(message), end.map { $0 + 1 } ?? bytes.count)
      }
      if content != .fields([[]]) {
        records.append(DelimitedRecord(line: line, offset: Int64(position), content: content))
      }
      for byte in bytes[position..<next] where byte == UInt8(ascii: "\n") { line += 1 }
      position = next
    }
    return records
  }
}
