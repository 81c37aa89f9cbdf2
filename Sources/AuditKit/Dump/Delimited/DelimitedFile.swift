/// Reads a delimited file row by row, in pieces of bounded size.
///
/// A row that breaks the format costs its first line only: reading goes on at the next line, so an
/// opening quote without its closing one does not swallow the rest of the file.
package struct DelimitedFile {
  private let file: PositionedFile
  private let dialect: DelimitedDialect
  private let maximumRowBytes: Int
  private let pieceBytes: Int

  private var buffer: [UInt8] = []
  /// The first byte in the buffer that is not consumed.
  private var position = 0
  /// The place of the buffer's first byte in the file.
  private var bufferStart: Int64
  private var isWhole = false
  private var line = 1

  /// - Parameters:
  ///   - file: An open file.
  ///   - dialect: How it is cut.
  ///   - start: Where the first row starts: behind a byte-order mark.
  ///   - maximumRowBytes: A longer row is malformed, or too long where its first line is longer.
  ///   - pieceBytes: What is read at a time.
  package init(
    file: PositionedFile, dialect: DelimitedDialect, start: Int64, maximumRowBytes: Int,
    pieceBytes: Int = 1 << 18
  ) {
    self.file = file
    self.dialect = dialect
    self.maximumRowBytes = maximumRowBytes
    self.pieceBytes = pieceBytes
    bufferStart = start
  }

  /// The next row that is not blank; nil at the end of the file.
  package mutating func next() throws(PositionedFile.ReadFailure) -> DelimitedRecord? {
    while true {
      if position == buffer.count {
        if isWhole { return nil }
        try fill()
        continue
      }
      let start = (line: line, offset: bufferStart + Int64(position))
      func record(_ content: DelimitedRecord.Content) -> DelimitedRecord {
        DelimitedRecord(line: start.line, offset: start.offset, content: content)
      }
      // Looking no further than the limit makes the answer the same for every size of piece.
      let end = min(buffer.count, position + maximumRowBytes)
      let row = DelimitedRow(
        dialect: dialect, end: end, isWhole: isWhole && end == buffer.count)
      switch row.row(in: buffer, from: position) {
      case .fields(let fields, let next):
        consume(upTo: next)
        if fields.count == 1, fields[0].isEmpty { continue }
        return record(.fields(fields))
      case .needsMore where end - position < maximumRowBytes: try fill()
      case .needsMore:
        let isOneLine = !buffer[position..<end].contains(UInt8(ascii: "\n"))
        try consumeLine()
        if isOneLine { return record(.tooLong) }
        return record(.malformed("the row is longer than \(maximumRowBytes) bytes"))
      case .malformed(let message):
        try consumeLine()
        return record(.malformed(message))
      }
    }
  }

  private mutating func consume(upTo next: Int) {
    for byte in buffer[position..<next] where byte == UInt8(ascii: "\n") { line += 1 }
    position = next
  }

  private mutating func consumeLine() throws(PositionedFile.ReadFailure) {
    while true {
      if let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) {
        return consume(upTo: end + 1)
      }
      position = buffer.count
      if isWhole { return }
      try fill()
    }
  }

  /// Drops what is consumed and reads on, more at a time the longer the row is.
  private mutating func fill() throws(PositionedFile.ReadFailure) {
    bufferStart += Int64(position)
    buffer.removeFirst(position)
    position = 0
    let count = max(pieceBytes, buffer.count)
    let piece = try file.read(at: bufferStart + Int64(buffer.count), count: count)
    buffer += piece
    isWhole = piece.count < count
  }
}
