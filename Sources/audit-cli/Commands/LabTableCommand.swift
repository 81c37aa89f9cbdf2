import ArgumentParser
import AuditLab
import Foundation

/// `audit-cli lab table`.
struct LabTableCommand: ParsableCommand {
  /// How a table is printed.
  enum Layout: String, ExpressibleByArgument, CaseIterable {
    case text, csv, markdown
  }

  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Print what the lab has measured, attack by attack and method by method.",
    discussion: """
      Numbers are means over the trials of an attack and a method, with 95 % intervals: over \
      seeds, or of the single trial where there is one.

      --table prints one of the paper's tables (1, 3, 4, 5, 6, 8, 9, 10, 12): its rows first, then \
      those of this lab that belong into it. --detection prints how well the scan's risk, and other \
      methods' detectors on the same embeddings, find what was planted.

      EXAMPLES:
        audit-cli lab table lab.sqlite
        audit-cli lab table lab.sqlite --table 1
        audit-cli lab table lab.sqlite --detection
        audit-cli lab table lab.sqlite --layout markdown
      """)

  @Argument(
    help: ArgumentHelp("The lab's database.", valueName: "lab.sqlite"),
    completion: .file(extensions: ["sqlite"]))
  var database: String

  @Option(
    help: ArgumentHelp(
      "One of the paper's tables. (default: all measures, attack by attack)",
      valueName: "number"))
  var table: Int?

  @Flag(help: "Compare the scan's risk with other methods' detectors.")
  var detection = false

  @Option(help: "How to print: text, csv or markdown.")
  var layout = Layout.text

  func validate() throws {
    if detection, table != nil {
      throw ValidationError("--table and --detection are different tables: name one of them.")
    }
    guard let table, PaperTable(rawValue: table) == nil else { return }
    let known = PaperTable.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
    throw ValidationError("The lab has no table \(table) of the paper; it has \(known).")
  }

  func run() throws {
    let groups = try TrialGroup.all(in: try LabStore(existing: database))
    let table =
      table.flatMap { PaperTable(rawValue: $0) }.map { $0.table(groups) }
      ?? (detection ? LabTable.detection(groups) : LabTable.overview(groups))
    switch layout {
    case .csv: print(table.csv, terminator: "")
    case .markdown: print(table.markdown, terminator: "")
    case .text:
      let style = TerminalStyle(descriptor: STDOUT_FILENO)
      var text = Table(table.columns.map { ($0, .left) })
      for row in table.rows { text.add(row) }
      for line in text.lines(width: style.width, style: style) { print(line) }
    }
  }
}
