import ArgumentParser
import AuditLab
import Foundation

extension LabFigure.Format: ExpressibleByArgument {}

/// `audit-cli lab plot`.
struct LabPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw what the lab has measured, with gnuplot.",
    discussion: """
      For each attack a figure of attack success, zero-shot accuracy and retrieval over epochs, \
      method by method, and one of the safe set's growth and of what is planted in it; for each \
      attack and method the similarities of planted and other pairs with the fitted mixture, at the \
      end of each stage of the first trial.

      EXAMPLES:
        audit-cli lab plot lab.sqlite --out figures/
        audit-cli lab plot lab.sqlite --out figures/ --format png
      """)

  @Argument(
    help: ArgumentHelp("The lab's database.", valueName: "lab.sqlite"),
    completion: .file(extensions: ["sqlite"]))
  var database: String

  @Option(
    help: ArgumentHelp("The folder for the figures.", valueName: "folder"),
    completion: .directory)
  var out: String

  @Option(help: "What to write: svg or png.")
  var format = LabFigure.Format.svg

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let store = try LabStore(existing: database)
    let groups = try TrialGroup.all(in: store)
    let figures = try LabFigure.all(groups, in: store)
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    var paths: [String] = []
    for figure in figures { paths.append(try figure.draw(in: out, format: format)) }
    if output.json {
      try OutputOptions.printJSON(paths)
    } else {
      for path in paths { print(TerminalText.escaped(path)) }
    }
  }
}
