/// Rows of text in aligned columns.
package struct Table {
  /// How a column is set.
  package enum Alignment: Sendable, Equatable {
    case left
    /// Left, at most so wide; of a longer cell the end is shown, where paths differ.
    case ending(Int)
    case right
    /// Left, and cut so that the row fits the line. At most one column of a table.
    case flexible
  }

  private let headers: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  package init(_ columns: [(header: String, alignment: Alignment)]) {
    headers = columns.map(\.header)
    alignments = columns.map(\.alignment)
    precondition(
      alignments.filter { $0 == .flexible }.count <= 1, "one column can give way, not several")
  }

  /// Adds a row; what could steer the terminal is escaped here, so that no caller can forget it.
  package mutating func add(_ cells: [String]) {
    precondition(
      cells.count == headers.count, "a row of \(cells.count) in \(headers.count) columns")
    rows.append(cells.map(TerminalText.escaped))
  }

  /// The lines: headers, then rows; none is wider than `width` if the fixed columns leave the flexible
  /// one its header's width.
  package func lines(width: Int, style: TerminalStyle) -> [String] {
    let widths = columnWidths(width: width)
    let header = line(headers, widths: widths)
    return [style.colored(header, .bold)] + rows.map { line($0, widths: widths) }
  }

  private func columnWidths(width: Int) -> [Int] {
    var widths = headers.indices.map { column in
      let widest = rows.reduce(DisplayWidth.of(headers[column])) {
        max($0, DisplayWidth.of($1[column]))
      }
      if case .ending(let most) = alignments[column] { return min(widest, most) }
      return widest
    }
    if let flexible = alignments.firstIndex(of: .flexible) {
      let others = widths.reduce(0, +) - widths[flexible] + 2 * (widths.count - 1)
      let least = max(DisplayWidth.of(headers[flexible]), 8)
      widths[flexible] = min(widths[flexible], max(least, width - others))
    }
    return widths
  }

  private func line(_ cells: [String], widths: [Int]) -> String {
    let texts = cells.indices.map { column in
      let cell =
        if case .ending = alignments[column] {
          TerminalText.ending(of: cells[column], to: widths[column])
        } else {
          TerminalText.cut(cells[column], to: widths[column])
        }
      return TerminalText.padded(
        cell, to: widths[column], alignedRight: alignments[column] == .right)
    }
    var text = texts.joined(separator: "  ")
    while text.last == " " { text.removeLast() }
    return text
  }
}
