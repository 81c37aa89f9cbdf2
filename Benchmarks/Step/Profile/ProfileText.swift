/// A profile for people to read.
enum ProfileText {
  /// Stages, then kinds of operations.
  static func lines(_ profile: ProfileReport) -> [String] {
    let total = profile.stages.reduce(0) { $0 + $1.seconds }
    var lines = ["  profile of \(profile.steps) steps, milliseconds a step"]
    lines.append("  stage                      ms   share   GFLOP/s   least ms")
    for stage in profile.stages {
      lines.append(
        line(stage.stage.rawValue, stage.seconds, total, stage.operations)
          + StepText.format("%11.2f", 1000 * stage.leastSeconds))
    }
    lines.append("  operation                  ms   share   GFLOP/s      calls")
    for kind in profile.kinds {
      lines.append(
        line(kind.kind.rawValue, kind.seconds, total, kind.operations)
          + StepText.format("%11.0f", kind.calls))
    }
    return lines
  }

  private static func line(
    _ name: String, _ seconds: Double, _ total: Double, _ operations: Double
  ) -> String {
    let rate =
      operations > 0 && seconds > 0
      ? StepText.format("%10.1f", operations / seconds / 1e9) : "          "
    return StepText.row(name, "", width: 20)
      + StepText.format("%9.2f%7.1f%%", 1000 * seconds, 100 * seconds / total) + rate
  }
}
