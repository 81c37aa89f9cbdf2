import ArgumentParser
import AuditKit
import AuditReport
import Foundation

/// `audit-cli report`: what a scan found.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Read a report: runs, stages, mixture, safe set, estimates.",
    discussion: """
      A report can be read while a scan writes it.

      The plot shows the similarities of images and captions as bars, with the mixture's two \
      components as lines over them. Alignment is the chance that a true pair is more similar \
      than a shuffled one, among pairs that the model has not learned: at 0.5 the scores mean \
      nothing yet.

      EXAMPLES:
        audit-cli report audit.sqlite
        audit-cli report audit.sqlite --run 2 --json
        audit-cli report audit.sqlite --rejected    what could not be read, and why
      """)

  @OptionGroup var source: RunOptions

  @Flag(help: "List what could not become a pair, with its place and the reason.")
  var rejected = false

  @Option(help: "With --rejected, at most so many.")
  var limit = 100

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard limit >= 1 else { throw ValidationError("--limit takes a whole number from 1.") }
  }

  func run() throws {
    let style = TerminalStyle(descriptor: STDOUT_FILENO)
    if rejected {
      let rejections = try source.read { try $0.rejections(of: $1.id, limit: limit) }
      if output.json {
        try OutputOptions.printJSON(rejections)
      } else {
        for line in RejectionText.lines(rejections, style: style) { print(line) }
      }
      return
    }
    let document = try source.read { try ReportDocument($0, $1, path: source.report) }
    if output.json {
      try OutputOptions.printJSON(document)
    } else {
      for line in ReportText.lines(document, style: style) { print(line) }
    }
  }
}
