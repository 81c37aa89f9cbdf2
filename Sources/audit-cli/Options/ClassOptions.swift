import ArgumentParser
import Foundation

/// What the lab takes as classes.
struct ClassOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Classes by key: lines of key, tab, label. (default: words of captions)",
      valueName: "file.tsv"), completion: .file(extensions: ["tsv"]))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The only words or labels that are classes, with commas between.", valueName: "words"))
  var words: String?

  /// The names in `words`, nil where none were given; words of captions are compared in lower case,
  /// labels as they are.
  func names(ofLabels: Bool) -> [String]? {
    words.map { ofLabels ? Self.list($0) : Self.list($0.lowercased()) }
  }

  /// What stands between commas.
  static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
