import AuditEncoders
import ArgumentParser

/// `step`: one training step of each preset.
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Measure a training step: forward, loss, backward, AdamW.",
    discussion: """
      A step takes 128 pairs for compact, 16 for RN50 and 32 for ViT-B-32. Each preset runs in a \
      process of its own, so that its peak memory is its own.
      """)

  @Option(help: "Which model.")
  var preset = PresetChoice.all

  @OptionGroup var options: MeasurementOptions

  @Flag(help: "Measure the same step in PyTorch, where python3 has it.")
  var pytorch = false

  @Flag(help: "Add a profile by stage and by kind of operation.")
  var profile = false

  func run() throws {
    var record = BenchmarkRecord(threads: options.threads)
    let presets = preset.presets
    if let preset = presets.first, presets.count == 1 {
      let measurement = StepMeasurement(
        workload: Workload(preset), threads: options.threads, seconds: options.seconds)
      let report = try measurement.report(withPeer: pytorch, withProfile: profile)
      Console.say(StepText.lines(report))
      record.steps.append(report)
    } else {
      for preset in presets {
        record.steps += try ChildProcess.record(
          ["step", "--preset", preset.rawValue] + options.arguments
            + (pytorch ? ["--pytorch"] : []) + (profile ? ["--profile"] : [])
        ).steps
      }
    }
    if let json = options.json { try record.write(to: json) }
  }
}
