/// A histogram of block characters with curves of braille dots over it, and an axis.
package struct HistogramPlot {
  /// The left edge of the first bin and the right edge of the last.
  package var range: ClosedRange<Double>
  /// Equally wide bins.
  package var counts: [Int]
  /// Curves in the unit of the bars: expected count in a bin of this width, at any x.
  package var curves: [(Double) -> Double] = []
  /// Places on the axis to point at.
  package var marks: [(position: Double, label: String)] = []

  package init(range: ClosedRange<Double>, counts: [Int]) {
    self.range = range
    self.counts = counts
  }

  private static let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The picture: `height` rows of at most `width` columns, the axis with its ends, a line for the
  /// marks.
  ///
  /// The range is never cut: bins are added up where there are
  /// more of them than columns.
  package func lines(width: Int, height: Int, style: TerminalStyle) -> [String] {
    guard !counts.isEmpty, width >= 16, height > 0 else { return [] }
    let groups = (counts.count + width - 1) / width
    let sums = stride(from: 0, to: counts.count, by: groups).map { start in
      counts[start..<min(start + groups, counts.count)].reduce(0, +)
    }
    // Few bins get several columns each.
    let columnsPerBar = max(1, width / sums.count)
    let bars = sums.flatMap { repeatElement($0, count: columnsPerBar) }
    let columns = bars.count
    let step =
      (range.upperBound - range.lowerBound) * Double(groups)
      / Double(counts.count * columnsPerBar)
    let scaled = curves.map { curve in
      (0..<columns * 2).map { dot in
        curve(range.lowerBound + (Double(dot) + 0.5) / 2 * step) * Double(groups)
      }
    }
    let top = max(Double(bars.max() ?? 0), scaled.flatMap(\.self).filter(\.isFinite).max() ?? 0, 1)
    var canvas = BrailleCanvas(columns: columns, rows: height)
    for curve in scaled {
      // A curve that lies on the axis tells nothing and would hide it.
      canvas.draw(curve.map { $0 / top < 0.5 / Double(height * 4) ? nil : $0 / top })
    }
    var lines = (0..<height).map { row in
      barRow(row, of: height, bars: bars.map { Double($0) / top }, canvas: canvas, style: style)
    }
    lines.append(axis(columns: columns))
    lines += markLines(columns: columns, width: width)
    return lines
  }

  private func barRow(
    _ row: Int, of height: Int, bars: [Double], canvas: BrailleCanvas, style: TerminalStyle
  ) -> String {
    var text = ""
    for (column, bar) in bars.enumerated() {
      if let dots = canvas.character(column: column, row: row) {
        text += style.colored(String(dots), .yellow)
        continue
      }
      var eighths = Int((bar * Double(height * 8)).rounded()) - (height - 1 - row) * 8
      // What is not empty shows.
      if row == height - 1, bar > 0 { eighths = max(eighths, 1) }
      let block = Self.blocks[min(max(eighths, 0), 8)]
      text += block == " " ? " " : style.colored(String(block), .cyan)
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  private func axis(columns: Int) -> String {
    var line = [Character](repeating: "─", count: columns)
    for mark in marks {
      if let column = column(of: mark.position, columns: columns) { line[column] = "┴" }
    }
    return String(line)
  }

  private func column(of position: Double, columns: Int) -> Int? {
    guard range.contains(position), range.upperBound > range.lowerBound else { return nil }
    let share = (position - range.lowerBound) / (range.upperBound - range.lowerBound)
    return min(Int(share * Double(columns)), columns - 1)
  }

  /// The ends of the axis, then a line for each mark with its label beside an arrow under its place.
  private func markLines(columns: Int, width: Int) -> [String] {
    let low = Quantity.decimal(range.lowerBound, digits: 2)
    let high = Quantity.decimal(range.upperBound, digits: 2)
    let gap = max(1, columns - low.count - high.count)
    var lines = [low + String(repeating: " ", count: gap) + high]
    for mark in marks.sorted(by: { $0.position < $1.position }) {
      guard let column = column(of: mark.position, columns: columns) else { continue }
      let right = "↑ " + mark.label
      if column + DisplayWidth.of(right) <= width {
        lines.append(String(repeating: " ", count: column) + right)
      } else {
        let left = mark.label + " ↑"
        let start = max(0, column + 1 - DisplayWidth.of(left))
        lines.append(String(repeating: " ", count: start) + left)
      }
    }
    return lines
  }
}
