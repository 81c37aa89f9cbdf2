import AuditFiles

/// A pair as one record of an export.
///
/// Numbers are the shortest text that reads back as the same value, so that printing makes no ties.
enum PairLine {
  private enum Field {
    case text(String)
    case number(String)
    case missing
  }

  /// The first record of a CSV file.
  static let header = PairExport.columns.joined(separator: ",") + "\n"

  /// The columns of JSON with what stands before their values.
  private static let names = PairExport.columns.enumerated().map { place, name in
    "\(place == 0 ? "{" : ",")\"\(name)\":"
  }

  static func text(_ pair: ScoredPair, as format: PairExport.Format) -> String {
    switch format {
    case .csv:
      var line = ""
      for (place, field) in fields(pair).enumerated() {
        if place > 0 { line += "," }
        switch field {
        case .text(let text): line += CSVField.quoted(text)
        case .number(let number): line += number
        case .missing: break
        }
      }
      return line + "\n"
    case .jsonl:
      var line = ""
      for (name, field) in zip(names, fields(pair)) {
        line += name
        switch field {
        case .text(let text): line += JSONText.quoted(text)
        case .number(let number): line += number
        case .missing: line += "null"
        }
      }
      return line + "}\n"
    case .txt:
      return KeyLine.text(pair.pair.key)
    }
  }

  /// A pair's values in the order of `PairExport.columns`.
  private static func fields(_ scored: ScoredPair) -> [Field] {
    let (pair, score) = (scored.pair, scored.score)
    func number(_ value: (some CustomStringConvertible)?) -> Field {
      value.map { .number($0.description) } ?? .missing
    }
    return [
      .text(pair.key), .text(pair.source), number(score?.risk), number(score?.similarity),
      number(score?.posterior), .number(score?.isSafe == true ? "1" : "0"), .text(pair.caption),
      number(pair.imageWidth), number(pair.imageHeight),
      pair.imageSHA256.map { .text($0.hexadecimal) } ?? .missing, number(score?.rank),
      pair.url.map { .text($0) } ?? .missing, pair.uid.map { .text($0) } ?? .missing,
    ]
  }
}
