import AuditKit
import AuditTraining

extension ScanProgress {
  /// A part of the line; the lower the rank, the longer it stays when the line gets narrow.
  private struct Part {
    var rank: Int
    var text: String
    var isBar = false
  }

  private static let barColumns = 8...30

  /// The state in one line narrower than `width` (a full line would make some terminals wrap).
  package func line(width: Int, style: TerminalStyle) -> String {
    var parts = parts
    if share != nil {
      let placeholder = String(repeating: "─", count: Self.barColumns.lowerBound)
      parts.insert(Part(rank: 4, text: placeholder, isBar: true), at: min(2, parts.count))
    }
    var room = width - 1 + 2
    let kept = Set(
      parts.sorted { $0.rank < $1.rank }.prefix { part in
        room -= DisplayWidth.of(part.text) + 2
        return room >= 0 || part.rank == 0
      }.map(\.rank))
    parts.removeAll { !kept.contains($0.rank) }
    let spare = width - 1 - parts.reduce(-2) { $0 + DisplayWidth.of($1.text) + 2 }
    guard spare >= 0 else { return TerminalText.cut(parts[0].text, to: max(0, width - 1)) }
    let barColumns = min(Self.barColumns.lowerBound + spare, Self.barColumns.upperBound)
    return parts.map { part in
      if part.isBar { return Self.bar(share ?? 0, columns: barColumns, style: style) }
      return part.rank == 0 ? style.colored(part.text, .bold) : part.text
    }.joined(separator: "  ")
  }

  /// The state as a sentence for a log.
  package var logLine: String {
    var texts = parts.map(\.text)
    if let secondsLeft, !texts.isEmpty {
      // A log has room for units.
      texts[texts.count - 1] = "\(Quantity.duration(secondsLeft.rounded())) left"
    }
    let rest = texts.dropFirst().joined(separator: ", ")
    return rest.isEmpty ? texts[0] : "\(texts[0]): \(rest)"
  }

  private var parts: [Part] {
    var parts = [Part(rank: 0, text: isStopping ? "stopping" : title)]
    if let training {
      let epoch = min(training.epoch + 1, training.epochs)
      parts.append(Part(rank: 1, text: "epoch \(epoch)/\(training.epochs)"))
      parts.append(Part(rank: 6, text: "step \(training.step)/\(training.steps)"))
      if !training.isScoring {
        parts.append(Part(rank: 5, text: "loss \(Quantity.decimal(training.loss, digits: 3))"))
      }
      if training.pairsPerSecond > 0 {
        parts.append(Part(rank: 3, text: "\(Quantity.rate(training.pairsPerSecond)) pairs/s"))
      }
    } else if let items {
      let total = items.total.map { "/\(Quantity.count($0))" } ?? ""
      parts.append(Part(rank: 1, text: "\(Quantity.count(items.done))\(total)"))
      if items.perSecond > 0 {
        parts.append(Part(rank: 3, text: "\(Quantity.rate(items.perSecond))/s"))
      }
    }
    if let secondsLeft {
      parts.append(Part(rank: 2, text: "\(Quantity.clock(secondsLeft)) left"))
    }
    return parts
  }

  private static func bar(_ share: Double, columns: Int, style: TerminalStyle) -> String {
    let halves = Int((share * Double(columns * 2)).rounded(.down))
    let full = String(repeating: "━", count: halves / 2)
    let half = halves % 2 == 1 ? "╸" : ""
    let rest = String(repeating: "─", count: columns - full.count - half.count)
    return style.colored(full + half, .green) + style.colored(rest, .dim)
  }

  /// What a finished epoch leaves, in one line.
  package static func summary(of record: EpochRecord, safeCount: Int?, epochs: Int?) -> String {
    let total = epochs.map { "/\($0)" } ?? ""
    var parts = [
      "loss \(Quantity.decimal(record.loss, digits: 3))",
      "alignment \(Quantity.decimal(record.alignment, digits: 3))",
    ]
    if let safeCount { parts.append("safe set \(Quantity.count(safeCount))") }
    parts.append(Quantity.duration(record.seconds))
    return "epoch \(record.epoch + 1)\(total) \(record.stage.title): "
      + parts.joined(separator: ", ")
  }
}
