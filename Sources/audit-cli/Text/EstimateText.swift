import AuditReport

/// Estimates with their intervals.
enum EstimateText {
  static func lines(_ estimates: [EstimateRow], style: TerminalStyle) -> [String] {
    guard !estimates.isEmpty else { return [] }
    var table = Table([
      ("share of pairs", .left), ("of", .left), ("estimate", .right), ("95 % interval", .left),
    ])
    for estimate in estimates {
      table.add([
        title(estimate.name), estimate.subject == .safeSet ? "safe set" : "crawl",
        estimate.isUnknown ? "unknown" : Quantity.share(estimate.value),
        estimate.isUnknown
          ? "too few pairs to tell" : interval(estimate.low, estimate.high, Quantity.share),
      ])
    }
    return table.lines(width: style.width - 2, style: style)
  }

  static func interval(_ low: Double?, _ high: Double?, _ text: (Double) -> String) -> String {
    guard let low, let high else { return "" }
    return "\(text(low)) to \(text(high))"
  }

  private static func title(_ name: String) -> String {
    switch name {
    case EstimateRow.mismatchRate: "that behave like shuffled ones"
    case EstimateRow.mixtureRiskyShare: "in the mixture's lower component"
    default: name
    }
  }
}
