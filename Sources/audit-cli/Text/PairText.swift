import AuditReport

/// Pairs as a person reads them.
package enum PairText {
  /// A table, a row for each pair.
  package static func lines(_ pairs: [ScoredPair], style: TerminalStyle) -> [String] {
    guard !pairs.isEmpty else { return ["no such pairs"] }
    var table = Table([
      ("rank", .right), ("risk", .right), ("similarity", .right), ("safe", .left), ("key", .left),
      ("caption", .flexible),
    ])
    for scored in pairs {
      table.add([
        scored.score.map { "\($0.rank)" } ?? "",
        scored.score?.risk.map(risk) ?? "",
        scored.score.map { Quantity.decimal(Double($0.similarity), digits: 3) } ?? "",
        scored.score.map { $0.isSafe ? "safe" : "" } ?? "", scored.pair.key,
        scored.pair.caption,
      ])
    }
    return table.lines(width: style.width, style: style)
  }

  /// All that is known of each pair.
  package static func lines(_ pairs: [PairDetails], style: TerminalStyle) -> [String] {
    Array(pairs.map { lines($0, style: style) }.joined(separator: [""]))
  }

  private static func lines(_ details: PairDetails, style: TerminalStyle) -> [String] {
    let pair = details.pair
    var facts: [(String, String)] = [("caption", pair.caption), ("image", pair.source)]
    facts += origin(of: pair)
    if let rank = pair.rank, let similarity = pair.similarity {
      facts.append(("rank", Quantity.count(rank)))
      facts.append(("similarity", "\(similarity)"))
    }
    if let risk = pair.risk { facts.append(("risk", "\(risk)")) }
    if let posterior = pair.posterior { facts.append(("posterior", "\(posterior)")) }
    if let safe = pair.safe { facts.append(("safe set", safe ? "in it" : "not in it")) }
    if let first = details.history.first, let last = details.history.last {
      let marks = details.history.map { $0.isSafe ? "■" : "□" }.joined()
      facts.append(
        ("history", "\(marks) (■ in the safe set; epochs \(first.epoch + 1) to \(last.epoch + 1))"))
    }
    return [style.colored(TerminalText.escaped(pair.key), .bold)]
      + facts.flatMap { name, value in
        let texts = TerminalText.wrapped(
          TerminalText.escaped(value), width: max(20, style.width - 14))
        return texts.enumerated().map { index, text in
          "  " + TerminalText.padded(index == 0 ? name : "", to: 11) + " " + text
        }
      }
  }

  /// What the image is, and where it came from.
  private static func origin(of pair: PairDocument) -> [(String, String)] {
    var facts: [(String, String)] = []
    if let width = pair.width, let height = pair.height {
      facts.append(("size", "\(width) x \(height) pixels"))
    }
    if let sha256 = pair.sha256 {
      facts.append(("sha-256", sha256 + (pair.sha256Matches == false ? ", not as promised" : "")))
    }
    if let url = pair.url { facts.append(("url", url)) }
    if let width = pair.originalWidth, let height = pair.originalHeight {
      facts.append(("fetched as", "\(width) x \(height) pixels"))
    }
    if let uid = pair.uid { facts.append(("uid", uid)) }
    return facts
  }

  /// Three decimals, but never 1 or 0 for what is neither.
  static func risk(_ value: Double) -> String {
    if value < 1, value > 0.9995 { return ">0.999" }
    if value > 0, value < 0.0005 { return "<0.001" }
    return Quantity.decimal(value, digits: 3)
  }
}
