import AuditDump
import AuditFiles
import Foundation

/// Verdicts as CSV, to keep and to import into another run.
public enum VerdictTable {
  /// The columns; a file to import needs `key`, `caption` and `verdict`, in any order.
  public static let columns = [
    "key", "ordinal", "sha256", "caption", "verdict", "note", "reviewer", "decidedAt",
  ]

  /// A header and a record for each verdict (RFC 4180, but with LF).
  public static func text(_ verdicts: [PairVerdict]) -> String {
    var text = columns.joined(separator: ",") + "\n"
    for verdict in verdicts {
      let fields = [
        verdict.key, "\(verdict.ordinal)", verdict.imageSHA256?.hexadecimal ?? "",
        verdict.caption, verdict.record.verdict.rawValue, verdict.record.note ?? "",
        verdict.record.reviewer ?? "", Timestamp.text(verdict.record.decidedAt),
      ]
      text += fields.map(CSVField.quoted).joined(separator: ",") + "\n"
    }
    return text
  }

  /// Reads what `text` wrote, or a table of the same columns.
  ///
  /// - Throws: `VerdictTableError` with the line.
  public static func verdicts(in bytes: [UInt8]) throws(VerdictTableError) -> [PairVerdict] {
    var records = DelimitedText.records(in: bytes, dialect: .comma)[...]
    guard let header = records.popFirst(), case .fields(let names) = header.content else {
      throw VerdictTableError(line: 1, reason: "there is no header")
    }
    let places = Dictionary(
      names.enumerated().map { (String(decoding: $1, as: UTF8.self), $0) }
    ) { first, _ in first }
    for name in ["key", "caption", "verdict"] where places[name] == nil {
      throw VerdictTableError(line: 1, reason: "there is no column '\(name)'")
    }
    var verdicts: [PairVerdict] = []
    for record in records {
      switch record.content {
      case .fields(let fields): verdicts.append(try verdict(fields, places, record.line))
      case .malformed(let reason): throw VerdictTableError(line: record.line, reason: reason)
      case .tooLong: throw VerdictTableError(line: record.line, reason: "the row is too long")
      }
    }
    return verdicts
  }

  private static func verdict(
    _ fields: [[UInt8]], _ places: [String: Int], _ line: Int
  ) throws(VerdictTableError) -> PairVerdict {
    func text(_ name: String) throws(VerdictTableError) -> String? {
      guard let place = places[name], place < fields.count, !fields[place].isEmpty else {
        return nil
      }
      guard let text = String(validating: fields[place], as: UTF8.self) else {
        throw VerdictTableError(line: line, reason: "'\(name)' is not UTF-8")
      }
      return text
    }
    guard let code = try text("verdict"), let verdict = Verdict(rawValue: code) else {
      throw VerdictTableError(line: line, reason: "'verdict' takes poison, clean or unsure")
    }
    let digest = try text("sha256").map { text throws(VerdictTableError) -> [UInt8] in
      guard let digest = [UInt8](hexadecimal: text), digest.count == 32 else {
        throw VerdictTableError(line: line, reason: "'sha256' takes 64 hexadecimal digits")
      }
      return digest
    }
    let decidedAt = try text("decidedAt").map { text throws(VerdictTableError) -> Date in
      guard let date = Timestamp.date(text) else {
        throw VerdictTableError(line: line, reason: "'decidedAt' takes a time as in RFC 3339")
      }
      return date
    }
    return PairVerdict(
      ordinal: 0, key: try text("key") ?? "", caption: try text("caption") ?? "",
      imageSHA256: digest,
      record: VerdictRecord(
        verdict: verdict, note: try text("note"), reviewer: try text("reviewer"),
        decidedAt: decidedAt ?? Date()))
  }
}

/// Why a table of verdicts cannot be read.
public struct VerdictTableError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// What is wrong there.
  public let reason: String

  /// What was wrong and where.
  public var description: String { "Line \(line) of the verdicts: \(reason)." }
}
