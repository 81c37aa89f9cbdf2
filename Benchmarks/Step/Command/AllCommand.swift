import AuditEncoders
import ArgumentParser

/// `all`: everything that docs/performance.md shows.
struct AllCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all",
    abstract: "Measure all steps, their profiles, PyTorch where it is, and input (the default).",
    discussion: "Takes about five minutes on two cores, most of them in PyTorch.")

  @OptionGroup var options: MeasurementOptions

  @Flag(inversion: .prefixedNo, help: "Measure the same steps in PyTorch, where python3 has it.")
  var pytorch = true

  func run() throws {
    var record = BenchmarkRecord(threads: options.threads)
    for preset in PresetChoice.all.presets {
      record.steps += try ChildProcess.record(
        ["step", "--preset", preset.rawValue, "--profile"] + options.arguments
          + (pytorch ? ["--pytorch"] : [])
      ).steps
    }
    record.input = try ChildProcess.record(["input"] + options.arguments).input
    if let json = options.json { try record.write(to: json) }
  }
}
