import AuditEncoders
import Foundation

/// Reports for people to read.
enum StepText {
  /// A step: figures, then goals.
  static func lines(_ report: StepReport) -> [String] {
    var lines = [
      "\(report.preset.rawValue), batch \(report.batchSize), \(report.threads) threads",
      row(
        "step",
        format(
          "%.3f s median of %d (fastest %.3f), %.1f images/s", report.secondsPerStep,
          report.steps, report.fastestSeconds, report.imagesPerSecond)),
      row(
        "rate",
        format(
          "%.1f GFLOP/s of %.1f at peak: %.1f %%", report.operationsPerSecond / 1e9,
          report.peakOperationsPerSecond / 1e9, 100 * report.shareOfPeak)),
      row(
        "roofline",
        format(
          "%.3f s at least, with %.1f GB/s: %.1f %% reached", report.leastSeconds,
          report.bandwidthBytesPerSecond / 1e9, 100 * report.shareOfRoofline)),
      row("memory", format("%.2f GiB at most", Double(report.memoryBytes) / 1_073_741_824)),
    ]
    if let peer = report.peer {
      lines.append(
        row(
          "peer",
          "\(peer.peer), \(peer.threads) threads: "
            + format(
              "%.3f s, so %.2f times as fast here", peer.secondsPerStep,
              peer.secondsPerStep / report.secondsPerStep)))
    } else if let absence = report.peerAbsence {
      lines.append(row("peer", "none: \(absence)"))
    }
    if let busy = busy(report.othersShare) { lines.append(busy) }
    lines += report.goals.map { row("goal", text($0)) }
    return lines + (report.profile.map { ProfileText.lines($0) } ?? [])
  }

  /// The cost of input.
  static func lines(_ report: InputReport) -> [String] {
    [
      "input for compact, batch \(report.batchSize), \(report.threads) threads",
      row(
        "augmented",
        format(
          "%.2f ms a batch (synonyms: %@)", 1000 * report.augmentedSeconds,
          report.hasSynonyms ? "yes" : "no")),
      row("plain", format("%.2f ms a batch", 1000 * report.plainSeconds)),
      row(
        "goal",
        format(
          "%.1f %% of a step of %.3f s, at most %.0f %%: %@", 100 * report.shareOfStep,
          report.secondsPerStep, 100 * report.largestShare,
          report.shareOfStep <= report.largestShare ? "met" : "MISSED")),
    ] + (busy(report.othersShare).map { [$0] } ?? [])
  }

  private static func text(_ goal: Goal) -> String {
    let verdict = goal.isMet ? "met" : "MISSED"
    let bound = goal.atLeast ?? goal.atMost ?? 0
    return switch goal.measure {
    case .shareOfPeak:
      format("%.1f %% of peak, at least %.0f %%: ", 100 * goal.value, 100 * bound) + verdict
    case .shareOfRoofline:
      format("%.1f %% of roofline, at least %.0f %%: ", 100 * goal.value, 100 * bound) + verdict
    case .timesPeer:
      format("%.2f times PyTorch, at least %.1f: ", goal.value, bound) + verdict
    case .memoryBytes:
      format("%.2f GiB, at most %.0f: ", goal.value / 1_073_741_824, bound / 1_073_741_824)
        + verdict
    }
  }

  /// A warning where others took more than a twentieth of the cores.
  private static func busy(_ othersShare: Double) -> String? {
    guard othersShare > 0.05 else { return nil }
    return row(
      "NOT QUIET",
      format(
        "other programs took %.0f %% of the cores: these figures are not to be relied on",
        100 * othersShare))
  }

  /// A name in a column of its own, then the text.
  static func row(_ name: String, _ text: String, width: Int = 12) -> String {
    "  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + text
  }

  /// Foundation's formatting, as in C.
  static func format(_ format: String, _ values: any CVarArg...) -> String {
    String(format: format, arguments: values)
  }
}
