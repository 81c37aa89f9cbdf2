import AuditEncoders
import Foundation
import NeuralKit

/// Measures one workload in a process of its own.
struct StepMeasurement {
  let workload: Workload
  let threads: Int
  /// How long steps are timed; three at least.
  let seconds: Double

  /// How many steps are timed at least.
  static let leastSteps = 3
  /// Seconds that each of the machine's rates is measured for.
  static let rateSeconds = 1.0
  /// Bytes of the arrays that bandwidth is measured with: many times any cache.
  static let bandwidthBytes = 768 << 20

  /// The report; with the peer's step and a profile where asked for.
  ///
  /// Rates that need memory are measured after the steps, so that the largest resident size is the
  /// steps' own.
  ///
  /// - Throws: `EncoderError` where the preset is no model.
  func report(withPeer: Bool, withProfile: Bool) throws -> StepReport {
    let replicas = ReplicaGroup(count: threads)
    let configuration = workload.preset.configuration
    let peakBefore = MachineRates.peak(replicas, seconds: Self.rateSeconds)
    let rig = try StepRig(
      configuration, batchSize: workload.batchSize, replicas: replicas)
    var steps = 0
    let use = CoreUse()
    let timing = Timing(duration: seconds, minimumCount: Self.leastSteps) {
      steps += 1
      rig.step(steps)
    }
    let othersShare = CoreUse().othersShare(since: use)
    let memory = PeakMemory.bytes
    let peak = max(peakBefore, MachineRates.peak(replicas, seconds: Self.rateSeconds))
    let bandwidth = MachineRates.bandwidth(
      replicas, seconds: Self.rateSeconds, bytes: Self.bandwidthBytes)
    let work = StepWork(
      configuration, batchSize: workload.batchSize, replicas: threads,
      parameterCount: rig.model.layout.parameterCount)
    var report = report(
      timing, work, peak: peak, bandwidth: bandwidth, memory: memory, othersShare: othersShare)
    if withPeer { addPeer(to: &report) }
    if withProfile {
      report.profile = StepProfile.measure(
        rig, from: steps + 1, duration: min(seconds, 3), work: work, peak: peak,
        bandwidth: bandwidth)
    }
    report.goals = workload.goals(report)
    return report
  }

  private func report(
    _ timing: Timing, _ work: StepWork, peak: Double, bandwidth: Double, memory: Int,
    othersShare: Double
  ) -> StepReport {
    let operations = work.operations()
    let least = work.leastSeconds(peak: peak, bandwidth: bandwidth)
    return StepReport(
      preset: workload.preset, batchSize: workload.batchSize, threads: threads,
      steps: timing.seconds.count, secondsPerStep: timing.median,
      fastestSeconds: timing.fastest,
      imagesPerSecond: Double(workload.batchSize) / timing.median,
      operationsPerStep: operations, operationsPerSecond: operations / timing.median,
      peakOperationsPerSecond: peak, bandwidthBytesPerSecond: bandwidth,
      shareOfPeak: operations / timing.median / peak, leastSeconds: least,
      shareOfRoofline: least / timing.median, memoryBytes: memory, othersShare: othersShare)
  }

  private func addPeer(to report: inout StepReport) {
    do {
      report.peer = try PeerTiming(threads: threads, seconds: seconds).measure(workload)
    } catch {
      report.peerAbsence = "\(error)"
    }
  }
}
