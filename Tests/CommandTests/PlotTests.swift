import Foundation
import Testing
import audit_cli

@Suite struct PlotTests {
  @Test("a rising series rises, a missing value is a dot")
  func sparkline() {
    #expect(Sparkline.line([0, 1, 2, 3, 4, 5, 6, 7], width: 20) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.line([1, nil, .nan, 2], width: 20) == "▁··█")
    #expect(Sparkline.line([3, 3, 3], width: 20) == "▄▄▄")
    #expect(Sparkline.line([], width: 20) == "")
    #expect(Sparkline.line([nil, nil], width: 20) == "··")
    #expect(Sparkline.line([0.5], width: 20, range: 0...1) == "▅")
    #expect(Sparkline.line([-5, 9], width: 20, range: 0...1) == "▁█")
  }

  @Test("a long series is averaged down to the width", arguments: [1, 3, 17, 64])
  func sparklineWidth(width: Int) {
    let values = (0..<1000).map { Double?(Double($0)) }
    let line = Sparkline.line(values, width: width)
    #expect(line.count == width)
    if width > 1 { #expect(line.first == "▁" && line.last == "█") }
  }

  @Test("dots are numbered as Unicode does")
  func braille() {
    var canvas = BrailleCanvas(columns: 2, rows: 1)
    for y in 0..<4 { canvas.set(x: 0, y: y) }
    canvas.set(x: 3, y: 3)
    canvas.set(x: 4, y: 0)
    canvas.set(x: 0, y: -1)
    #expect(canvas.character(column: 0, row: 0) == "⡇")
    #expect(canvas.character(column: 1, row: 0) == "⢀")
  }

  @Test("a curve is joined over jumps and cut at the canvas")
  func curve() {
    var canvas = BrailleCanvas(columns: 2, rows: 2)
    canvas.draw([0, 1, nil, 7])
    let text = (0..<2).map { row in
      String((0..<2).map { canvas.character(column: $0, row: row) ?? " " })
    }
    #expect(text == ["⢸ ", "⡸ "])
  }

  @Test("a histogram with its mixture equals its picture", arguments: [24, 48, 80])
  func histogram(width: Int) throws {
    let counts = (0..<48).map { bin -> Int in
      let x = -0.2 + (Double(bin) + 0.5) / 48
      return Int(curve(x, mean: 0.15, weight: 300) + curve(x, mean: 0.5, weight: 900))
    }
    var plot = HistogramPlot(range: -0.2...0.8, counts: counts)
    plot.curves = [
      { self.curve($0, mean: 0.15, weight: 300) }, { self.curve($0, mean: 0.5, weight: 900) },
    ]
    plot.marks = [(0.5, "matched 75 %"), (0.15, "mismatched 25 %")]
    let lines = plot.lines(width: width, height: 8, style: .plain)
    for line in lines { #expect(DisplayWidth.of(line) <= width, "\(line)") }
    try Snapshot.expect(lines.joined(separator: "\n") + "\n", matches: "histogram-\(width)")
  }

  private func curve(_ x: Double, mean: Double, weight: Double) -> Double {
    weight * exp(-pow((x - mean) / 0.1, 2) / 2) / 12
  }

  @Test("an empty bin is blank, and a single pair among thousands still shows")
  func smallBars() {
    let plot = HistogramPlot(range: 0...1, counts: [10_000] + [Int](repeating: 0, count: 14) + [1])
    let rows = plot.lines(width: 40, height: 4, style: .plain)
    // 16 bins in 40 columns: two columns each.
    #expect(rows[3] == "██" + String(repeating: " ", count: 28) + "▁▁")
    #expect(rows[0] == "██")
  }

  @Test("nothing is drawn where there is no room or no data")
  func degenerate() {
    #expect(
      HistogramPlot(range: 0...1, counts: []).lines(width: 80, height: 8, style: .plain) == [])
    #expect(
      HistogramPlot(range: 0...1, counts: [1]).lines(width: 8, height: 8, style: .plain) == [])
    #expect(
      !HistogramPlot(range: 0...1, counts: [0, 0]).lines(width: 80, height: 2, style: .plain)
        .isEmpty)
  }
}
