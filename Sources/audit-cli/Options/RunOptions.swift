import ArgumentParser
import AuditKit
import AuditReport

/// Which run of which report.
struct RunOptions: ParsableArguments {
  @Argument(
    help: "The report that a scan wrote.", completion: .file(extensions: ["sqlite"]))
  var report: String

  @Option(help: ArgumentHelp("A run of the report. (default: the last one)", valueName: "id"))
  var run: Int64?

  /// Reads from one state of the report.
  func read<Value>(_ body: (ReportSnapshot, RunRecord) throws -> Value) throws -> Value {
    try ReportReader(path: report).read { snapshot in
      if let run { return try body(snapshot, snapshot.run(run)) }
      guard let latest = try snapshot.latestRun() else { throw ReportError.noRuns }
      return try body(snapshot, latest)
    }
  }
}

extension PairQuery.Order: ExpressibleByArgument {}
extension PairChoice.Selection: ExpressibleByArgument {}
