import ArgumentParser

/// The root of the command tree.
@main
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit-benchmark",
    abstract: "Measure training steps against the machine's limits and PyTorch, and large reports.",
    discussion: """
      Every figure is held against something measured in the same run: the peak float32 rate, the \
      memory's bandwidth, PyTorch. Let nothing else run meanwhile; a run tells where others took \
      the cores. docs/performance.md says what is counted and how.
      """,
    subcommands: [
      AllCommand.self, StepCommand.self, ProfileCommand.self, InputCommand.self,
      ReportCommand.self, ReadCommand.self, FuzzCommand.self,
    ],
    defaultSubcommand: AllCommand.self)
}
