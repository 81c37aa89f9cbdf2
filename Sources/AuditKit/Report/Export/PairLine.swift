import AuditFiles

/// Pairs as records of an export.
///
/// Numbers are the shortest text that reads back as the same value, so that printing makes no ties.
struct PairLine: Sendable {
  private let format: PairExport.Format
  private let content: PairExport.Content
  /// The columns of JSON with what stands before their values.
  private let names: [String]

  /// The first record of a CSV file; empty in other formats.
  let header: String

  /// Records as an export asks for them.
  init(_ export: PairExport) {
    (format, content) = (export.format, export.content)
    let columns = content == .places ? PairExport.placeColumns : PairExport.columns
    names = columns.enumerated().map { place, name in
      "\(place == 0 ? "{" : ",")\"\(name)\":"
    }
    header = format == .csv ? columns.joined(separator: ",") + "\n" : ""
  }

  private enum Field {
    case text(String)
    case number(String)
    case missing
  }

  /// The record of a pair with its line end.
  func text(_ pair: ScoredPair) -> String {
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

  /// A pair's values in the order of the columns.
  private func fields(_ scored: ScoredPair) -> [Field] {
    content == .places ? Self.placeFields(scored.pair) : Self.findingFields(scored)
  }

  private static func number(_ value: (some CustomStringConvertible)?) -> Field {
    value.map { .number($0.description) } ?? .missing
  }

  private static func placeFields(_ pair: PairRecord) -> [Field] {
    [
      .text(pair.sourcePath), pair.sourceMember.map { .text($0) } ?? .missing,
      number(pair.sourceOffset), number(pair.sourceLength),
    ]
  }

  private static func findingFields(_ scored: ScoredPair) -> [Field] {
    let (pair, score) = (scored.pair, scored.score)
    return [
      .text(pair.key), .text(pair.source), number(score?.risk), number(score?.similarity),
      number(score?.posterior), .number(score?.isSafe == true ? "1" : "0"), .text(pair.caption),
      number(pair.imageWidth), number(pair.imageHeight),
      pair.imageSHA256.map { .text($0.hexadecimal) } ?? .missing, number(score?.rank),
      pair.url.map { .text($0) } ?? .missing, pair.uid.map { .text($0) } ?? .missing,
    ]
  }
}
