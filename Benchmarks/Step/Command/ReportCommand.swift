import ArgumentParser

/// `report`: what keeping the history of the safe set costs.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Measure a large report: its size, the history's share, and one pair's history.",
    discussion: """
      Writes a made-up run into a temporary folder as a scan does, an epoch at a time: all scores \
      change a little in every epoch and the safe set grows by them. What the file grows by after \
      the first of these epochs is held against the history's plain bits.
      """)

  @Option(help: "Pairs of the run.")
  var pairs = 1_000_000

  @Option(help: "Epochs with scores and a safe set.")
  var epochs = 64

  @Option(help: "Keep the report at this path, its run finished.")
  var keep: String?

  func validate() throws {
    guard pairs >= 1, epochs >= 2 else {
      throw ValidationError("--pairs takes a number from 1, --epochs one from 2.")
    }
  }

  func run() throws {
    Console.say(try ReportMeasurement(pairs: pairs, epochs: epochs, keep: keep).lines())
  }
}
