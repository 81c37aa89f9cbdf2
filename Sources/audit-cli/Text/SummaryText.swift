import AuditKit
import AuditReport

extension ScanSummary {
  /// The estimates as the report keeps them.
  var estimateRows: [EstimateRow] {
    estimates.compactMap { estimate in
      EstimateSubject(rawValue: estimate.subject).map { subject in
        EstimateRow(
          name: estimate.name, subject: subject, value: estimate.value, low: estimate.low,
          high: estimate.high)
      }
    }
  }

  /// The estimated share of the crawl's pairs that behave like shuffled ones; nil where it is unknown.
  var mismatchRate: Double? {
    estimateRows.first {
      $0.name == EstimateRow.mismatchRate && $0.subject == .crawl && !$0.isUnknown
    }?.value
  }
}

/// What a scan found, as it ends.
package enum SummaryText {
  package static func lines(_ summary: ScanSummary, style: TerminalStyle) -> [String] {
    var lines = [style.colored("Riskiest pairs", .bold)]
    lines += riskiest(summary, style: style)
    lines += ["", style.colored("Estimates", .bold)]
    lines += EstimateText.lines(summary.estimateRows, style: style).map { "  " + $0 }
    lines += ["", style.colored("How far to trust them", .bold)]
    lines += ReportText.paragraph(
      "\(alignment(summary.alignment)). \(summary.trust)", style: style
    ).map { "  " + $0 }
    lines += ["", counts(summary), "Report: \(TerminalText.escaped(summary.report))"]
    if let model = summary.model { lines.append("Model:  \(TerminalText.escaped(model))") }
    return lines
  }

  /// The alignment with its interval, and what it ranges over.
  static func alignment(_ estimate: ScanSummary.Estimate) -> String {
    let decimal = { (value: Double) in Quantity.decimal(value, digits: 3) }
    let interval = EstimateText.interval(estimate.low, estimate.high, decimal)
    return "Alignment \(decimal(estimate.value))\(interval.isEmpty ? "" : ", \(interval)") "
      + "(0.5: chance, 1: perfect)"
  }

  private static func riskiest(_ summary: ScanSummary, style: TerminalStyle) -> [String] {
    var table = Table([
      ("risk", .right), ("similarity", .right), ("key", .ending(36)), ("caption", .flexible),
    ])
    for pair in summary.riskiest {
      table.add([
        PairText.risk(pair.risk), Quantity.decimal(pair.similarity, digits: 3),
        pair.key, pair.caption,
      ])
    }
    return table.lines(width: style.width - 2, style: style).map { "  " + $0 }
  }

  private static func counts(_ summary: ScanSummary) -> String {
    var parts = ["\(Quantity.count(summary.pairs)) pairs"]
    let rejected = summary.rejected.values.reduce(0, +)
    if rejected > 0 { parts.append("\(Quantity.count(rejected)) rejected") }
    if let count = summary.safeCount, let share = summary.safeShare {
      parts.append("safe set \(Quantity.count(count)) (\(Quantity.share(share)))")
    }
    if let recall = summary.recallAt10 {
      parts.append("recall@10 on held-out pairs \(Quantity.decimal(recall, digits: 3))")
    }
    parts.append(Quantity.duration(summary.seconds.rounded()))
    return parts.joined(separator: ", ")
  }
}
