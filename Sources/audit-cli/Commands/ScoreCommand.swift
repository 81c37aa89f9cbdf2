import ArgumentParser
import AuditKit
import Foundation

/// `audit-cli score`: a crawl's risks by a trained model.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score a crawl by a trained model, without training on it.",
    discussion: """
      The report gets a finished run of the method 'score', which report, pairs and export read \
      like a scan's. A pair is safe where the mixture's posterior exceeds \
      training.safeThreshold.

      A model knows what its own crawl was about: on a crawl of other things its scores mean \
      less, and alignment says how much less.

      EXAMPLES:
        audit-cli scan old-crawl/ --model-out model/
        audit-cli score model/ new-crawl/ --report audit.sqlite
        audit-cli export audit.sqlite --what risky -o risky.csv
      """)

  @OptionGroup var options: ModelOptions

  @Option(
    help: ArgumentHelp(
      "The report to write, or to add a run to.", valueName: "file.sqlite"),
    completion: .file(extensions: ["sqlite"]))
  var report = "audit.sqlite"

  @Option(
    help: ArgumentHelp(
      "Thumbnails; may be deleted. (default: the report's name with .work)",
      valueName: "folder"),
    completion: .directory)
  var workFolder: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(name: .shortAndLong, help: "Show notes and errors only, no progress.")
  var quiet = false

  func run() throws {
    let request = try options.request(workFolder: workFolder ?? report + ".work")
    let summary = try WatchedWork.run(isQuiet: quiet, stopped: "Stopped; no run was entered.") {
      try CrawlScoring.run(request, report: report, stop: $0, onEvent: $1)
    }
    if output.json {
      try OutputOptions.printJSON(summary)
    } else {
      let style = TerminalStyle(descriptor: STDOUT_FILENO)
      for line in SummaryText.lines(summary, style: style) { print(line) }
    }
  }
}
