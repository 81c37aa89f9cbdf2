import AuditPixels
import AuditTraining
import Foundation

extension Doctor {
  /// Times steps of the configuration's model and works out what a scan of `pairs` pairs takes.
  ///
  /// - Parameters:
  ///   - pairs: Of the planned crawl.
  ///   - configuration: The planned scan's.
  ///   - explicit: Names of settings that do not adapt to the crawl.
  ///   - report: Gets the plan, and a problem where it does not fit the machine.
  ///   - onStep: Told what is being measured.
  /// - Throws: `EncoderError` where the preset is no model.
  public func plan(
    pairs: Int, configuration: ScanConfiguration, explicit: Set<String>,
    into report: inout DoctorReport, onStep: (String) -> Void = { _ in }
  ) throws {
    onStep("measuring steps of \(configuration.preset)")
    let training = configuration.training.adapted(pairCount: pairs, explicit: explicit)
    let step = try StepMeasurement.measure(
      configuration, batchSize: min(training.configuration.batchSize, max(2, pairs)),
      threads: report.machine.threads, seconds: max(1, secondsEach))
    let plan = ScanPlan(
      pairs: pairs, configuration: configuration, explicit: explicit,
      thumbnailBytes: configuration.thumbnails.byteCount, step: step)
    report.plan = plan
    if plan.memoryBytes > report.machine.availableMemoryBytes {
      report.problems.append(
        "The planned scan needs more memory than is available: make training.batchSize smaller.")
    }
    if plan.workFolderBytes + plan.reportBytes > report.storage.freeBytes {
      report.problems.append(
        "The planned scan needs more disk than is free in \(report.storage.path): put report and "
          + "work folder elsewhere, or make thumbnails.edgePixels smaller.")
    }
  }
}
