import ArgumentParser

/// `profile`: where the time of a step goes.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Measure where a step's time goes, by stage and by kind of operation.",
    discussion: """
      The same as 'step --profile'. Watching costs a clock reading for each operation; step times \
      are taken without it.
      """)

  @Option(help: "Which model.")
  var preset = PresetChoice.compact

  @OptionGroup var options: MeasurementOptions

  func run() throws {
    var step = StepCommand()
    step.preset = preset
    step.options = options
    step.pytorch = false
    step.profile = true
    try step.run()
  }
}
