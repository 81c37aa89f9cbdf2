import ArgumentParser
import AuditKit
import AuditReport
import Foundation

/// `audit-cli verdicts`: what reviewers decided, and its way into another run.
struct VerdictsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verdicts",
    abstract: "List what reviewers decided about a run's pairs, or take decisions over.",
    discussion: """
      Verdicts are given in auditd's dashboard or through its API, and kept in the report. They \
      are taken over from a CSV table or from another report: for pairs of the same key, caption \
      and image, and where the run has no newer verdict.

      EXAMPLES:
        audit-cli verdicts audit.sqlite
        audit-cli verdicts audit.sqlite --csv -o verdicts.csv
        audit-cli verdicts next.sqlite --from verdicts.csv
        audit-cli verdicts next.sqlite --from audit.sqlite
      """)

  @OptionGroup var source: RunOptions

  @Option(
    help: ArgumentHelp(
      "Take verdicts over from a CSV table, or from the last run of a report.", valueName: "file"),
    completion: .file(extensions: ["csv", "sqlite"]))
  var from: String?

  @Flag(help: "Write CSV, as --from takes it.")
  var csv = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "With --csv, the file to write. (default: standard output)", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup(title: "Output") var format: OutputOptions

  func validate() throws {
    if csv, format.json { throw ValidationError("--csv and --json exclude each other.") }
    if output != nil, !csv { throw ValidationError("--output goes with --csv.") }
    if csv, from != nil { throw ValidationError("--csv lists verdicts, --from takes them in.") }
  }

  func run() throws {
    if let from { return try takeOver(from) }
    let verdicts = try source.read { try $0.verdicts(of: $1.id) }
    if csv {
      var file = try ExportFile(path: output)
      try file.append(VerdictTable.text(verdicts).utf8)
      try file.finish()
    } else if format.json {
      try OutputOptions.printJSON(verdicts.map(VerdictDocument.init))
    } else {
      for line in lines(verdicts) { print(line) }
    }
  }

  /// Of a key's beginning; long ones leave no room for captions.
  private static let keyColumns = 36

  private func lines(_ verdicts: [PairVerdict]) -> [String] {
    guard !verdicts.isEmpty else { return ["No pair was reviewed yet."] }
    let style = TerminalStyle(descriptor: STDOUT_FILENO)
    var table = Table([
      ("verdict", .left), ("reviewer", .left), ("key", .left), ("caption", .flexible),
    ])
    for verdict in verdicts {
      table.add([
        verdict.record.verdict.rawValue, verdict.record.reviewer ?? "",
        TerminalText.cut(verdict.key, to: Self.keyColumns), verdict.caption,
      ])
    }
    return table.lines(width: style.width, style: style)
  }

  private func takeOver(_ path: String) throws {
    let verdicts: [PairVerdict]
    if path.hasSuffix(".sqlite") {
      verdicts = try ReportReader(path: path).read { snapshot in
        guard let run = try snapshot.latestRun() else { throw ReportError.noRuns }
        return try snapshot.verdicts(of: run.id)
      }
    } else {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw CommandFailure("\(path): there is no such file, or it cannot be read.")
      }
      verdicts = try VerdictTable.verdicts(in: [UInt8](data))
    }
    let run = try source.read { $1.id }
    let store = try ReportStore(path: source.report)
    let result = try store.importVerdicts(verdicts, to: run)
    try store.close()
    if format.json {
      try OutputOptions.printJSON(
        Imported(
          run: run, imported: result.imported, unchanged: result.unchanged,
          unmatched: result.unmatched))
    } else {
      print(
        "\(result.imported) verdicts taken over, \(result.unchanged) here already, "
          + "\(result.unmatched) about pairs that run \(run) does not have")
    }
  }

  private struct Imported: Encodable {
    var run: Int64
    var imported: Int
    var unchanged: Int
    var unmatched: Int
  }
}
