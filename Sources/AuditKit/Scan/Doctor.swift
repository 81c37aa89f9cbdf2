import Foundation
import NeuralKit

/// Looks at the machine as a scan would meet it: what it has, how fast it is, whether its kernels are
/// right.
public struct Doctor: Sendable {
  /// Cores at work; 0: all.
  public var threads: Int
  /// How long each rate is measured.
  public var secondsEach: Double
  /// The folder whose free space counts.
  public var folder: String

  /// A doctor who takes a few seconds.
  public init(threads: Int = 0, secondsEach: Double = 0.3, folder: String = ".") {
    self.threads = threads
    self.secondsEach = secondsEach
    self.folder = folder
  }

  /// Takes all measurements but the plan's.
  public func examine(onStep: (String) -> Void = { _ in }) -> DoctorReport {
    var machine = DoctorReport.Machine.current()
    machine.threads = threads > 0 ? threads : machine.cores
    onStep("checking kernels")
    let kernels = KernelReport.current
    let checks = Self.checks()
    let measurements = measure(machine, onStep: onStep)
    onStep("looking at libraries and disk")
    var report = DoctorReport(
      machine: machine, kernels: kernels, measurements: measurements, checks: checks,
      libraries: Self.libraries(kernels), storage: .init(folder: folder), problems: [])
    report.problems = Self.problems(report)
    return report
  }

  private func measure(
    _ machine: DoctorReport.Machine, onStep: (String) -> Void
  ) -> [DoctorReport.Measurement] {
    var measurements: [DoctorReport.Measurement] = []
    var peaks: [Int: Double] = [:]
    for count in Set([1, machine.threads]).sorted() {
      onStep("measuring the peak of \(count) thread\(count == 1 ? "" : "s")")
      let replicas = ReplicaGroup(count: count, name: "doctor")
      let peak = MachineRates.peak(replicas, seconds: secondsEach)
      peaks[count] = peak
      measurements.append(
        .init(name: "multiply-add peak", rate: peak, unit: "FLOP/s", threads: count))
    }
    let replicas = ReplicaGroup(count: machine.threads, name: "doctor")
    onStep("measuring memory bandwidth")
    let bandwidth = MachineRates.bandwidth(
      replicas, seconds: secondsEach, bytes: Self.triadBytes(machine))
    measurements.append(
      .init(name: "memory (triad)", rate: bandwidth, unit: "byte/s", threads: machine.threads))
    for work in KernelWork.all {
      onStep("measuring \(work.name)")
      let rate = work.rate(replicas, seconds: secondsEach)
      measurements.append(
        .init(
          name: work.name, rate: rate, unit: "FLOP/s", threads: machine.threads,
          shareOfPeak: rate / (peaks[machine.threads] ?? .infinity)))
    }
    MemoryPool.shared.drain()
    return measurements
  }

  /// Four times the last cache, so that memory is measured and not the cache; at most an eighth of
  /// what is free.
  private static func triadBytes(_ machine: DoctorReport.Machine) -> Int {
    let wanted = max(128 << 20, 4 * (machine.cacheBytes ?? 0))
    return min(wanted, 1 << 30, max(16 << 20, machine.availableMemoryBytes / 8))
  }

  private static func problems(_ report: DoctorReport) -> [String] {
    var problems: [String] = []
    for check in report.checks where !check.passed {
      problems.append(
        "\(check.name) differs from plain loops by \(check.relativeError): do not trust scans of "
          + "this machine. Set OPENBLAS_CORETYPE to another kernel, or replace the library.")
    }
    problems += report.kernels.fallbacks.map { "A library was passed over: \($0)" }
    for library in report.libraries where library.version == Self.notFound {
      problems.append("\(library.name) was not found; 'make setup' installs it.")
    }
    if report.machine.availableMemoryBytes < 2 << 30 {
      problems.append("Less than 2 GiB of memory are free; a scan with the defaults takes more.")
    }
    if report.storage.freeBytes < 1 << 30 {
      problems.append(
        "Less than 1 GiB is free in \(report.storage.path); put report and work folder elsewhere.")
    }
    return problems
  }
}
