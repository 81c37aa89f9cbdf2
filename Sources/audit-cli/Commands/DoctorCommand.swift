import ArgumentParser
import AuditKit
import Foundation

/// `audit-cli doctor`: the machine as a scan would meet it.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check kernels and libraries, measure the machine, and plan a scan.",
    discussion: """
      Says which kernels compute and whether their results equal plain loops, measures the peak \
      of multiply-adds, memory bandwidth, products and convolutions, and names what stands in \
      the way of a scan. It ends with 1 where a kernel computes wrong results.

      With --plan it also times real training steps of the chosen preset and works out memory, \
      disk and time for a crawl of that many pairs.

      EXAMPLES:
        audit-cli doctor
        audit-cli doctor --plan 1000000
        audit-cli doctor --plan 200000 --preset RN50 --set training.epochs=20 --json
      """)

  @Option(help: ArgumentHelp("Plan a scan of that many pairs.", valueName: "pairs"))
  var plan: Int?

  @Option(
    help: ArgumentHelp(
      "Where report and work folder would lie: its free space counts.", valueName: "folder"),
    completion: .directory)
  var folder = "."

  @Option(help: ArgumentHelp("How long each rate is measured.", valueName: "seconds"))
  var secondsEach = 0.3

  @OptionGroup(title: "Configuration") var options: ConfigurationOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let plan, plan < 1 { throw ValidationError("--plan takes a number of pairs from 1.") }
    guard secondsEach > 0, secondsEach <= 60 else {
      throw ValidationError("--seconds-each takes more than 0 and at most 60 seconds.")
    }
  }

  func run() throws {
    let document = try options.document()
    let configuration = try document.decoded()
    let doctor = Doctor(
      threads: configuration.threads, secondsEach: secondsEach, folder: folder)
    let progress = StepLine()
    var report = doctor.examine(onStep: progress.show)
    if let plan {
      try doctor.plan(
        pairs: plan, configuration: configuration, explicit: document.explicitNames, into: &report,
        onStep: progress.show)
    }
    progress.finish()
    if output.json {
      try OutputOptions.printJSON(report)
    } else {
      let style = TerminalStyle(descriptor: STDOUT_FILENO)
      for line in DoctorText.lines(report, style: style) { print(line) }
    }
    if report.checks.contains(where: { !$0.passed }) { throw ExitStatus.failed.exitCode }
  }
}
