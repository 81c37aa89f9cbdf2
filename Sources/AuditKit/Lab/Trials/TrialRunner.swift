import AuditDump
import AuditFiles
import AuditKit
import AuditReport
import Foundation

/// Trains one trial and measures what came of it.
struct TrialRunner {
  let lab: LabConfiguration
  /// Thumbnails and checkpoints of all trials, what was planted, and a folder for each trial.
  let work: String
  let stop: StopSignal
  let onEvent: (ScanEvent) -> Void

  /// Where a trial's report and model are.
  static func folder(of id: Int64, in work: String) -> String { Folder.join(work, "trial-\(id)") }

  /// Plants, scans and measures; goes on with what an earlier, interrupted run left.
  ///
  /// - Throws: What reading, planting, scanning and measuring throw.
  func run(
    _ trial: Trial, id: Int64
  ) throws -> (outcome: TrialOutcome, configuration: String, report: String) {
    let crawl = try planted(trial)
    let folder = Self.folder(of: id, in: work)
    try Folder.create(folder)
    let report = Folder.join(folder, "audit.sqlite")
    let summary = try scan(trial, crawl, report: report, model: Folder.join(folder, "model"))
    let measuring = TrialMeasuring(
      lab: lab, trial: trial, crawl: crawl, summary: summary,
      thumbnails: Folder.join(work, "scans"), stop: stop)
    let outcome = try measuring.outcome()
    let configuration = try ReportReader(path: report).read {
      try $0.run(summary.run).configuration
    }
    return (outcome, configuration, report)
  }

  private func planted(_ trial: Trial) throws -> PlantedCrawl {
    let reader = try Crawl.reader(
      for: lab.crawl, format: lab.format, configuration: crawlSettings(trial))
    return try CrawlPlanter(trial.attack, labels: lab.labels, words: Set(lab.words))
      .overlay(reader, in: Folder.join(work, trial.plantingName))
  }

  private func crawlSettings(_ trial: Trial) throws -> CrawlConfiguration {
    try trial.document.decoded().crawl
  }

  private func scan(
    _ trial: Trial, _ crawl: PlantedCrawl, report: String, model: String
  ) throws -> ScanSummary {
    var request = ScanRequest(
      crawl: lab.crawl, report: report, configuration: try trial.document.decoded(),
      explicitSettings: trial.document.explicitNames,
      resume: FileManager.default.fileExists(atPath: report))
    request.reader = crawl.reader
    request.workFolder = Folder.join(work, "scans")
    request.modelOut = model
    return try Scan.run(request, stop: stop, onEvent: onEvent)
  }
}
