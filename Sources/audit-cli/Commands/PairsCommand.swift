import ArgumentParser
import AuditKit
import AuditReport
import Foundation

/// `audit-cli pairs`: a run's pairs in order.
struct PairsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairs",
    abstract: "List pairs of a report, riskiest first.",
    discussion: """
      Risk lies between 0 and 1 and falls as similarity rises. A pair is marked safe where it \
      was in the safe set at last. For lists that programs read, use 'export'.

      EXAMPLES:
        audit-cli pairs audit.sqlite --limit 50
        audit-cli pairs audit.sqlite --min-risk 0.9 --json
        audit-cli pairs audit.sqlite --key 000000017     one pair with its history
      """)

  @OptionGroup var source: RunOptions

  @Option(help: "The order of the list.")
  var order = PairQuery.Order.risk

  @Option(help: ArgumentHelp("Only pairs with at least this risk.", valueName: "risk"))
  var minRisk: Double?

  @Option(help: "At most so many.")
  var limit = 20

  @Option(
    help: ArgumentHelp(
      "Go on where a list ended: the value of 'next' in its --json.", valueName: "token"))
  var after: String?

  @Option(help: "Only pairs of this key, with all that is known of them.")
  var key: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let minRisk, !(minRisk >= 0 && minRisk <= 1) {
      throw ValidationError("--min-risk takes a number from 0 to 1.")
    }
    guard limit >= 1 else { throw ValidationError("--limit takes a whole number from 1.") }
    if let after, PairCursor(after) == nil {
      throw ValidationError("--after takes the value of 'next' in the --json of a list.")
    }
  }

  func run() throws {
    let style = TerminalStyle(descriptor: STDOUT_FILENO)
    if let key {
      let found = try source.read { try details(of: key, $0, $1) }
      if output.json {
        try OutputOptions.printJSON(found)
      } else {
        for line in PairText.lines(found, style: style) { print(line) }
      }
      return
    }
    let query = PairQuery(
      order: order, minimumRisk: minRisk, limit: limit, after: after.flatMap(PairCursor.init))
    let (page, run) = try source.read { (try $0.pairs(of: $1.id, query), $1) }
    if output.json {
      try OutputOptions.printJSON(
        PairList(
          run: run.id, order: order, pairs: page.pairs.map { PairDocument($0) },
          next: page.next?.description))
    } else {
      for line in PairText.lines(page.pairs, style: style) { print(line) }
      if page.next != nil {
        FileHandle.standardError.write(Data("There are more; --limit shows them.\n".utf8))
      }
    }
  }

  private func details(
    of key: String, _ snapshot: ReportSnapshot, _ run: RunRecord
  ) throws -> [PairDetails] {
    let pairs = try snapshot.pairs(of: run.id, key: key)
    guard !pairs.isEmpty else {
      throw CommandFailure(
        "Run \(run.id) has no pair with the key '\(key)'.",
        remedy: "'audit-cli pairs \(source.report)' shows what keys look like.")
    }
    return try pairs.map { pair in
      PairDetails(
        pair: PairDocument(pair),
        history: try snapshot.safeSetHistory(of: run.id, ordinal: pair.ordinal))
    }
  }
}

/// A list as `--json` prints it.
private struct PairList: Encodable {
  var run: Int64
  var order: PairQuery.Order
  var pairs: [PairDocument]
  var next: String?
}
