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

      EXAMPLES:
        audit-cli lab table lab.sqlite
        audit-cli lab table lab.sqlite --layout markdown
      """)

  @Argument(
    help: ArgumentHelp("The lab's database.", valueName: "lab.sqlite"),
    completion: .file(extensions: ["sqlite"]))
  var database: String

  @Option(help: "How to print: text, csv or markdown.")
  var layout = Layout.text

  func run() throws {
    let table = LabTable.overview(try TrialGroup.all(in: try LabStore(existing: database)))
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
