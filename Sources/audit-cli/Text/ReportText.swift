import AuditKit
import AuditReport
import AuditTraining
import Foundation

/// A report as a person reads it.
package enum ReportText {
  /// All of it, in sections.
  package static func lines(_ document: ReportDocument, style: TerminalStyle) -> [String] {
    var sections: [(title: String, lines: [String])] = []
    func add(_ title: String, _ lines: [String]) {
      if !lines.isEmpty { sections.append((title, lines)) }
    }
    if document.runs.count > 1 { add("Runs", runs(document, style: style)) }
    add("Run \(document.run.id)", run(document, style: style))
    add("Stages", stages(document.epochs, style: style))
    add("Epochs", history(document.epochs, style: style))
    if let epoch = judgingEpoch(document) {
      add(
        "Similarities after epoch \(epoch.number + 1)",
        SimilarityText.lines(epoch, width: min(style.width - 2, 78), style: style))
    }
    add("Estimates", EstimateText.lines(document.estimates, style: style))
    add("Measures", measures(document.measures, style: style))
    if let summary = document.run.summary {
      add(
        "How far to trust the scores",
        paragraph("\(SummaryText.alignment(summary.alignment)). \(summary.trust)", style: style))
    }
    add("Notes", notices(document.notices, style: style))
    return Array(
      sections.map { section in
        [style.colored(section.title, .bold)] + section.lines.map { $0.isEmpty ? "" : "  " + $0 }
      }.joined(separator: [""]))
  }

  /// The epoch whose mixture judges the scores, or the last that shows how similarities lie.
  private static func judgingEpoch(_ document: ReportDocument) -> EpochRow? {
    let shown = document.epochs.filter { $0.histogram != nil }
    return shown.last { $0.number == document.run.scoredEpoch && $0.mixture != nil }
      ?? shown.last { $0.mixture != nil } ?? shown.last
  }

  private static func runs(_ document: ReportDocument, style: TerminalStyle) -> [String] {
    var table = Table([
      ("run", .right), ("state", .left), ("method", .left), ("preset", .left), ("pairs", .right),
      ("began", .left), ("crawl", .flexible),
    ])
    for run in document.runs {
      table.add([
        "\(run.id)", run.state.rawValue, run.method, run.preset, Quantity.count(run.pairs),
        time(run.startedAt), run.crawl,
      ])
    }
    return table.lines(width: style.width - 2, style: style)
  }

  private static func run(_ document: ReportDocument, style: TerminalStyle) -> [String] {
    let run = document.run
    var facts: [(String, String)] = [
      ("crawl", "\(run.crawl) (\(run.format))"),
      ("state", state(run)),
      (
        "method",
        "\(run.method), preset \(run.preset), seed \(run.seed), \(run.threads) "
          + "thread\(run.threads == 1 ? "" : "s")"
      ),
      ("pairs", Quantity.count(run.pairs)),
    ]
    if !document.rejected.isEmpty {
      let total = document.rejected.reduce(0) { $0 + $1.count }
      let reasons = document.rejected.map { "\($0.reason) \(Quantity.count($0.count))" }
      facts.append(("rejected", "\(Quantity.count(total)): " + reasons.joined(separator: ", ")))
    }
    let last = document.epochs.last { $0.safeCount != nil }
    if let count = last?.safeCount ?? run.summary?.safeCount {
      let share = (last?.safeShare ?? run.summary?.safeShare).map { ", \(Quantity.share($0))" }
      facts.append(("safe set", Quantity.count(count) + (share ?? "")))
    }
    if let model = run.model { facts.append(("model", model)) }
    if let error = run.error { facts.append(("error", error)) }
    return facts.flatMap { name, value in
      let texts = TerminalText.wrapped(
        TerminalText.escaped(value), width: max(20, style.width - 12))
      return texts.enumerated().map { index, text in
        TerminalText.padded(index == 0 ? name : "", to: 8) + "  " + text
      }
    }
  }

  private static func state(_ run: ReportDocument.Run) -> String {
    let began = "began \(time(run.startedAt))"
    switch run.state {
    case .finished:
      let took = run.finishedAt.map {
        ", took \(Quantity.duration($0.timeIntervalSince(run.startedAt).rounded()))"
      }
      return "finished, \(began)\(took ?? "")"
    case .running:
      return "\(run.phase), \(began), last wrote \(time(run.updatedAt)); "
        + "if nothing writes any more, scan --resume goes on"
    case .stopped: return "stopped in \(run.phase), \(began); scan --resume goes on"
    case .failed: return "failed in \(run.phase), \(began)"
    }
  }

  private static func stages(_ epochs: [EpochRow], style: TerminalStyle) -> [String] {
    guard !epochs.isEmpty else { return [] }
    var order: [String] = []
    for epoch in epochs where !order.contains(epoch.stage) { order.append(epoch.stage) }
    var table = Table([
      ("stage", .left), ("epochs", .right), ("steps", .right), ("time", .right), ("loss", .right),
      ("alignment", .right),
    ])
    for stage in order {
      let own = epochs.filter { $0.stage == stage }
      table.add([
        title(stage), "\(own.count)", Quantity.count(own.reduce(0) { $0 + $1.steps }),
        Quantity.duration(own.reduce(0) { $0 + $1.seconds }.rounded()),
        own.last.map { Quantity.decimal($0.loss, digits: 3) } ?? "",
        own.last?.alignment.map { Quantity.decimal($0, digits: 3) } ?? "",
      ])
    }
    return table.lines(width: style.width - 2, style: style)
  }

  private static func history(_ epochs: [EpochRow], style: TerminalStyle) -> [String] {
    guard epochs.count > 1 else { return [] }
    let width = max(8, min(style.width - 46, 64))
    func line(
      _ name: String, _ values: [Double?], _ text: (Double) -> String
    ) -> String? {
      let known = values.compactMap(\.self)
      guard let first = known.first, let last = known.last else { return nil }
      let spark = TerminalText.padded(
        Sparkline.line(values, width: width), to: min(width, values.count))
      return TerminalText.padded(name, to: 12) + style.colored(spark, .cyan)
        + "  \(text(first)) → \(text(last))"
    }
    let decimal = { (value: Double) in Quantity.decimal(value, digits: 3) }
    return [
      line("loss", epochs.map(\.loss), decimal),
      line("alignment", epochs.map(\.alignment), decimal),
      line("safe set", epochs.map(\.safeShare), Quantity.share),
    ].compactMap(\.self)
  }

  private static func measures(_ measures: [MeasureRow], style: TerminalStyle) -> [String] {
    guard !measures.isEmpty else { return [] }
    var table = Table([
      ("measure", .left), ("on", .left), ("value", .right), ("95 % interval", .left),
    ])
    for measure in measures {
      table.add([
        measure.name, measure.subject, Quantity.decimal(measure.value, digits: 3),
        EstimateText.interval(measure.low, measure.high) { Quantity.decimal($0, digits: 3) },
      ])
    }
    return table.lines(width: style.width - 2, style: style)
  }

  private static func notices(_ notices: [NoticeRow], style: TerminalStyle) -> [String] {
    notices.flatMap { notice in
      let texts = TerminalText.wrapped(
        TerminalText.escaped(notice.message), width: min(style.width, 100) - 4)
      return texts.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
    }
  }

  static func paragraph(_ text: String, style: TerminalStyle) -> [String] {
    TerminalText.wrapped(TerminalText.escaped(text), width: min(style.width, 100) - 2)
  }

  static func title(_ stage: String) -> String { Stage(rawValue: stage)?.title ?? stage }

  private static func time(_ date: Date) -> String {
    date.formatted(
      .iso8601.dateSeparator(.dash).timeSeparator(.colon)
        .dateTimeSeparator(.space)
    ).replacing("Z", with: " UTC")
  }
}
