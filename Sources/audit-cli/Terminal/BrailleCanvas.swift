/// A grid of dots, two by four to a character cell.
package struct BrailleCanvas {
  /// Cells in a row.
  package let columns: Int
  /// Rows of cells.
  package let rows: Int
  private var cells: [UInt8]

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = [UInt8](repeating: 0, count: columns * rows)
  }

  /// Sets the dot at `x` of `2 * columns` from the left and `y` of `4 * rows` from the top; outside is
  /// ignored.
  package mutating func set(x: Int, y: Int) {
    guard x >= 0, y >= 0, x < columns * 2, y < rows * 4 else { return }
    cells[y / 4 * columns + x / 2] |= Self.bit(x: x % 2, y: y % 4)
  }

  /// Draws a curve through one height for each column of dots (0 at the bottom, 1 at the top); nil
  /// leaves a gap, and a curve that leaves the canvas is cut.
  package mutating func draw(_ heights: [Double?]) {
    var last: Int?
    for (x, height) in heights.enumerated() {
      guard let height, height.isFinite else {
        last = nil
        continue
      }
      let top = Double(rows * 4 - 1)
      let y = Int((top - min(max(height, -1), 2) * top).rounded())
      set(x: x, y: y)
      if let last, abs(last - y) > 1 {
        for between in min(last, y) + 1..<max(last, y) { set(x: x, y: between) }
      }
      last = y
    }
  }

  /// The character of a cell, or nil where no dot is set.
  package func character(column: Int, row: Int) -> Character? {
    let bits = cells[row * columns + column]
    guard bits != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(bits)) else { return nil }
    return Character(scalar)
  }

  /// Unicode numbers the first six dots down the two columns and adds the fourth row later.
  private static func bit(x: Int, y: Int) -> UInt8 {
    y < 3 ? 1 << UInt8(x * 3 + y) : 1 << UInt8(6 + x)
  }
}
