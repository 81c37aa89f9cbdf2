/// A series as one line of block characters.
package enum Sparkline {
  private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// One character a value, the smallest as `▁` and the largest as `█`; a series longer than
  /// `width` is averaged down to it.
  ///
  /// Missing values (nil, not finite) are `·`. A constant series is `▄`. `range` sets the ends
  /// where the data should not.
  package static func line(
    _ values: [Double?], width: Int, range: ClosedRange<Double>? = nil
  ) -> String {
    let points = resampled(values, to: width)
    let known = points.compactMap(\.self)
    guard let low = range?.lowerBound ?? known.min(), let high = range?.upperBound ?? known.max()
    else { return String(repeating: "·", count: points.count) }
    return String(
      points.map { value in
        guard let value else { return "·" }
        guard high > low else { return levels[3] }
        let level = (value - low) / (high - low) * Double(levels.count - 1)
        return levels[Int(min(max(level, 0), Double(levels.count - 1)).rounded())]
      })
  }

  private static func resampled(_ values: [Double?], to width: Int) -> [Double?] {
    let finite = values.map { value in value.flatMap { $0.isFinite ? $0 : nil } }
    guard finite.count > width, width > 0 else { return finite }
    return (0..<width).map { column in
      let start = column * finite.count / width
      let end = max(start + 1, (column + 1) * finite.count / width)
      let known = finite[start..<end].compactMap(\.self)
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
  }
}
