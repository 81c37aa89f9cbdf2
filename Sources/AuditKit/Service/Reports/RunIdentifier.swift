/// A run's name in paths: the report's name, a full stop, its number in the report.
struct RunIdentifier: Hashable, Sendable, CustomStringConvertible {
  /// The report's file name without ".sqlite".
  let report: String
  /// The run's number in the report.
  let number: Int64

  init(report: String, number: Int64) {
    self.report = report
    self.number = number
  }

  /// Reads "name.1"; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, Self.isName(parts[0]), let number = Int64(parts[1]), number > 0,
      "\(number)" == parts[1]
    else { return nil }
    self.init(report: String(parts[0]), number: number)
  }

  var description: String { "\(report).\(number)" }

  /// Whether a report's name can stand in an identifier: letters, digits, "-" and "_" of ASCII.
  static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.count <= 200
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
      }
  }
}
