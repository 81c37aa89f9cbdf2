import ArgumentParser

/// `input`: what making a batch costs beside the step.
struct InputCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "input",
    abstract: "Measure augmentation and tokenising beside the compact step.",
    discussion: """
      512 made-up thumbnails in a temporary cache and 512 captions, with all augmentation on, made \
      by the same threads that take the steps, as in training.
      """)

  @OptionGroup var options: MeasurementOptions

  func run() throws {
    var record = BenchmarkRecord(threads: options.threads)
    let report = try InputMeasurement(
      threads: options.threads, seconds: options.seconds
    ).report()
    Console.say(StepText.lines(report))
    record.input = report
    if let json = options.json { try record.write(to: json) }
  }
}
