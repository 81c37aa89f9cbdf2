/// Cuts one row of a delimited file out of a buffer.
struct DelimitedRow {
  let dialect: DelimitedDialect
  /// Where the part of the buffer ends that is looked at.
  let end: Int
  /// Whether the file ends there.
  let isWhole: Bool

  enum Outcome {
    /// The fields, and the place behind the row's line end.
    case fields([[UInt8]], next: Int)
    /// What is looked at ends before the row does.
    case needsMore
    case malformed(String)
  }

  /// How a field ended.
  private enum End {
    /// `next` is the first byte of the next field.
    case separator(next: Int)
    /// `next` is the first byte of the next row.
    case row(next: Int)
  }

  private enum Field {
    case value([UInt8], End)
    case needsMore
    case malformed(String)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The row that starts at `start`, which is before `end`.
  func row(in buffer: [UInt8], from start: Int) -> Outcome {
    var fields: [[UInt8]] = []
    var position = start
    while true {
      switch field(in: buffer, from: position) {
      case .needsMore: return .needsMore
      case .malformed(let message): return .malformed(message)
      case .value(let value, let end):
        fields.append(value)
        switch end {
        case .separator(let next): position = next
        case .row(let next): return .fields(fields, next: next)
        }
      }
    }
  }

  private func field(in buffer: [UInt8], from start: Int) -> Field {
    guard start < end, buffer[start] == Self.quote else {
      return plainField(in: buffer, from: start)
    }
    switch dialect.quoting {
    case .standard: return quotedField(in: buffer, from: start, spansLines: true)
    case .wholeFieldOnly:
      let field = quotedField(in: buffer, from: start, spansLines: false)
      guard case .malformed = field else { return field }
      return plainField(in: buffer, from: start)
    }
  }

  private func plainField(in buffer: [UInt8], from start: Int) -> Field {
    var position = start
    while position < end, buffer[position] != dialect.separator,
      buffer[position] != Self.lineFeed
    {
      position += 1
    }
    if position == end {
      return isWhole ? .value(Array(buffer[start..<end]), .row(next: position)) : .needsMore
    }
    if buffer[position] == dialect.separator {
      return .value(Array(buffer[start..<position]), .separator(next: position + 1))
    }
    let isCRLF = position > start && buffer[position - 1] == Self.carriageReturn
    return .value(
      Array(buffer[start..<(isCRLF ? position - 1 : position)]), .row(next: position + 1))
  }

  private func quotedField(in buffer: [UInt8], from start: Int, spansLines: Bool) -> Field {
    var value: [UInt8] = []
    var position = start + 1
    while position < end {
      let byte = buffer[position]
      if byte == Self.quote {
        guard position + 1 < end || isWhole else { return .needsMore }
        if position + 1 < end, buffer[position + 1] == Self.quote {
          value.append(byte)
          position += 2
          continue
        }
        return fieldEnd(in: buffer, behindQuoteAt: position).map { .value(value, $0) }
          ?? (position + 2 >= end && !isWhole
            ? .needsMore : .malformed("text follows a closing quote"))
      }
      if byte == Self.lineFeed && !spansLines { return .malformed("a quote is not closed") }
      value.append(byte)
      position += 1
    }
    return isWhole ? .malformed("a quote is not closed") : .needsMore
  }

  /// What follows a closing quote; nil where that is neither separator nor line end.
  private func fieldEnd(in buffer: [UInt8], behindQuoteAt quote: Int) -> End? {
    let next = quote + 1
    guard next < end else { return .row(next: next) }
    if buffer[next] == dialect.separator { return .separator(next: next + 1) }
    if buffer[next] == Self.lineFeed { return .row(next: next + 1) }
    guard buffer[next] == Self.carriageReturn else { return nil }
    guard next + 1 < end else { return isWhole ? .row(next: next + 1) : nil }
    return buffer[next + 1] == Self.lineFeed ? .row(next: next + 2) : nil
  }
}
