import ArgumentParser
import AuditKit
import AuditReport
import Foundation

/// `audit-cli export`: a run's pairs for programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a run's pairs as CSV, JSON lines or keys.",
    discussion: """
      The columns of CSV are key,source,risk,similarity,posterior,safe, then others; new ones \
      are only ever added at the end. Numbers are written in full, so that the ranking has no \
      ties by rounding. 'safe' is 1 for pairs of the last safe set, 0 for all others. One pair \
      in twenty, more in a small crawl, is kept from training, to tell how well it went; its \
      similarity is the one at the same place in the ranking of the others.

      txt is one key a line; a backslash, and a line end inside a key, are written as \\\\, \\n and \
      \\r.

      EXAMPLES:
        audit-cli export audit.sqlite --what safe --format txt > keys.txt
        audit-cli export audit.sqlite --what risky --min-risk 0.9 -o risky.csv
        audit-cli export audit.sqlite --format jsonl | jq .caption
      """)

  @OptionGroup var source: RunOptions

  @Option(help: "Which pairs: outside the safe set, in it, or all.")
  var what = PairExport.Selection.all

  @Option(help: "csv has a header, jsonl an object a line, txt the key alone.")
  var format = PairExport.Format.csv

  @Option(help: "The order of the rows.")
  var order = PairQuery.Order.risk

  @Option(help: ArgumentHelp("Only pairs with at least this risk.", valueName: "risk"))
  var minRisk: Double?

  @Option(help: "At most so many.")
  var limit: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write; it appears when it is whole. (default: standard output)",
      valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "With --output, print what was written as JSON.")
  var json = false

  func validate() throws {
    if let minRisk, !(minRisk >= 0 && minRisk <= 1) {
      throw ValidationError("--min-risk takes a number from 0 to 1.")
    }
    if let limit, limit < 1 { throw ValidationError("--limit takes a whole number from 1.") }
    if json, output == nil {
      throw ValidationError("--json goes with --output; for pairs as JSON use --format jsonl.")
    }
  }

  func run() throws {
    let export = PairExport(
      selection: what, format: format, order: order, minimumRisk: minRisk, limit: limit)
    let count = try source.read { snapshot, run in
      var file = try ExportFile(path: output)
      let count = try snapshot.export(export, of: run.id) { try file.append($0) }
      try file.finish()
      return count
    }
    guard let output else { return }
    if json {
      try OutputOptions.printJSON(Written(output: output, pairs: count))
    } else {
      print("\(Quantity.count(count)) pairs in \(TerminalText.escaped(output))")
    }
  }

  private struct Written: Encodable {
    var output: String
    var pairs: Int
  }
}
