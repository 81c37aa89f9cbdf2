/// Reads a file line by line, in pieces of bounded size.
struct LineFile {
  /// One line without its end.
  struct Line {
    /// Counted from 1.
    let number: Int
    /// The place of its first byte.
    let offset: Int64
    /// Nil for a line above the limit.
    let bytes: [UInt8]?
  }

  private let file: PositionedFile
  private let maximumLineBytes: Int
  private var buffer: [UInt8] = []
  /// The first byte in the buffer that is not consumed.
  private var position = 0
  /// The place of the buffer's first byte in the file.
  private var bufferStart: Int64
  private var isWhole = false
  private var number = 0

  private static let pieceBytes = 1 << 18

  /// - Parameters:
  ///   - file: An open file.
  ///   - start: Where the first line starts.
  ///   - maximumLineBytes: A longer line comes without its bytes.
  init(file: PositionedFile, start: Int64, maximumLineBytes: Int) {
    self.file = file
    self.maximumLineBytes = maximumLineBytes
    bufferStart = start
  }

  /// The next line; nil at the end of the file.
  mutating func next() throws(PositionedFile.ReadFailure) -> Line? {
    var (searched, isTooLong) = (position, false)
    var offset = bufferStart + Int64(position)
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return line(upTo: end, offset, isTooLong)
      }
      if isWhole {
        guard position < buffer.count || isTooLong else { return nil }
        defer { position = buffer.count }
        return line(upTo: buffer.count, offset, isTooLong)
      }
      if buffer.count - position > maximumLineBytes {
        // What is known to be too long need not be held.
        isTooLong = true
        position = buffer.count
      }
      let held = buffer.count - position
      try fill()
      searched = held
      if !isTooLong { offset = bufferStart }
    }
  }

  private mutating func line(upTo end: Int, _ offset: Int64, _ isTooLong: Bool) -> Line {
    number += 1
    var bytes = buffer[position..<end]
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    let isKept = !isTooLong && bytes.count <= maximumLineBytes
    return Line(number: number, offset: offset, bytes: isKept ? Array(bytes) : nil)
  }

  /// Drops what is consumed and reads on, more at a time the longer the line is.
  private mutating func fill() throws(PositionedFile.ReadFailure) {
    bufferStart += Int64(position)
    buffer.removeFirst(position)
    position = 0
    let count = max(Self.pieceBytes, buffer.count)
    let piece = try file.read(at: bufferStart + Int64(buffer.count), count: count)
    buffer += piece
    isWhole = piece.count < count
  }
}
