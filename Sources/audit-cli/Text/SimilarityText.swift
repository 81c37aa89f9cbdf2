import AuditReport
import Foundation

/// The distribution of an epoch's similarities with the mixture over it.
enum SimilarityText {
  private static let rows = 8

  static func lines(_ epoch: EpochRow, width: Int, style: TerminalStyle) -> [String] {
    guard let histogram = epoch.histogram else { return [] }
    let total = histogram.counts.reduce(0) { $0 + Int($1) }
    guard total > 0, let used = usedBins(histogram) else { return [] }
    let binWidth = (histogram.upper - histogram.lower) / Double(histogram.counts.count)
    let range =
      histogram.lower + Double(used.lowerBound) * binWidth...histogram.lower
      + Double(used.upperBound) * binWidth
    var plot = HistogramPlot(range: range, counts: histogram.counts[used].map { Int($0) })
    if let mixture = epoch.mixture {
      for component in [mixture.lower, mixture.upper] {
        plot.curves.append { density($0, component) * Double(total) * binWidth }
      }
      plot.marks = [
        (mixture.lower.mean, label("mismatched", mixture.lower)),
        (mixture.upper.mean, label("matched", mixture.upper)),
      ]
    }
    var lines = plot.lines(width: width, height: rows, style: style)
    if let shuffled = histogram.shuffledCounts {
      // As wide as the bars above.
      let columns = max(1, width / used.count)
      let spark = Sparkline.line(
        shuffled[used].flatMap { repeatElement(Double($0), count: columns) }, width: width)
      lines += ["", style.colored(spark, .dim), "the same images with other pairs' captions"]
    }
    return lines
  }

  /// The bins from the first to the last that hold a pair, true or shuffled.
  private static func usedBins(_ histogram: SimilarityHistogram) -> Range<Int>? {
    let isUsed = histogram.counts.indices.map { bin in
      histogram.counts[bin] > 0 || (histogram.shuffledCounts?[bin] ?? 0) > 0
    }
    guard let first = isUsed.firstIndex(of: true), let last = isUsed.lastIndex(of: true) else {
      return nil
    }
    return first..<last + 1
  }

  private static func density(_ x: Double, _ component: MixtureRow.Component) -> Double {
    guard component.variance > 0 else { return 0 }
    let distance = x - component.mean
    return component.weight * exp(-distance * distance / (2 * component.variance))
      / (2 * .pi * component.variance).squareRoot()
  }

  private static func label(_ name: String, _ component: MixtureRow.Component) -> String {
    let mean = Quantity.decimal(component.mean, digits: 3)
    let deviation = Quantity.decimal(component.variance.squareRoot(), digits: 3)
    return "\(name) \(Quantity.share(component.weight)), mean \(mean) ± \(deviation)"
  }
}
