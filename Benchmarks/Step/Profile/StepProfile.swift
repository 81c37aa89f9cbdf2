import NeuralKit

/// Takes steps under watch.
enum StepProfile {
  /// The profile of steps, numbered from `first`, that take at least `duration` seconds; of one at
  /// least.
  static func measure(
    _ rig: StepRig, from first: Int, duration: Double, work: StepWork, peak: Double,
    bandwidth: Double
  ) -> ProfileReport {
    let probes = (0..<rig.replicas.count).map { _ in StepProbe() }
    let start = ContinuousClock.now
    var steps = 0
    repeat {
      rig.step(first + steps, probes: probes)
      steps += 1
    } while (ContinuousClock.now - start).inSeconds < duration
    let sums = probes.map(\.sums)
    let scale = 1 / Double(steps * probes.count)
    let stages = StepStage.allCases.map { stage in
      ProfileReport.StageTime(
        stage: stage, seconds: sums.reduce(0) { $0 + ($1.stages[stage] ?? 0) } * scale,
        leastSeconds: work.leastSeconds(
          peak: peak, bandwidth: bandwidth, where: stage.includes),
        operations: work.operations(where: stage.includes))
    }
    return ProfileReport(
      steps: steps, stages: stages,
      kinds: kinds(sums, total: stages.reduce(0) { $0 + $1.seconds }, scale, probes.count))
  }

  private static func kinds(
    _ sums: [StepProbe.Sums], total: Double, _ scale: Double, _ replicas: Int
  ) -> [ProfileReport.KindTime] {
    var entries: [OperationKind: StepProbe.Entry] = [:]
    for (kind, entry) in sums.lazy.flatMap({ $0.kinds.values }).joined() {
      entries[kind, default: StepProbe.Entry()] += entry
    }
    let known = entries.values.reduce(0) { $0 + $1.seconds } * scale
    var kinds = entries.map { kind, entry in
      // Seconds are of one replica, operations of all.
      ProfileReport.KindTime(
        kind: kind, seconds: entry.seconds * scale,
        operations: entry.operations * scale * Double(replicas),
        calls: Double(entry.calls) * scale)
    }
    kinds.append(
      ProfileReport.KindTime(
        kind: .other, seconds: max(0, total - known), operations: 0, calls: 0))
    return kinds.sorted { $0.seconds > $1.seconds }
  }
}

extension StepStage {
  /// Whether a pass of a layer happens in this stage.
  package func includes(_ pass: LayerPass) -> Bool {
    switch self {
    case .imageForward: pass.part == .image && !pass.isBackward
    case .imageBackward: pass.part == .image && pass.isBackward
    case .textForward: pass.part == .text && !pass.isBackward
    case .textBackward: pass.part == .text && pass.isBackward
    case .loss: pass.part == .loss
    case .optimiser: pass.part == .optimiser
    }
  }
}
