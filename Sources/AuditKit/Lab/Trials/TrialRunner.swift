import AuditDump
import AuditFiles
import AuditKit
import AuditPixels
import AuditReport
import AuditTraining
import Foundation
import NeuralKit

/// Trains one trial and measures what came of it.
struct TrialRunner {
  let lab: LabConfiguration
  let store: LabStore
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
    for notice in crawl.notices(trial.configuration.thumbnails.fit) { onEvent(.notice(notice)) }
    let folder = try self.folder(of: trial, id)
    let measuring = ModelMeasuring(
      crawl: crawl, templates: lab.templates, seed: trial.seed,
      threads: trial.configuration.threads, workFolder: scans, stop: stop)
    let filtered = try trial.setup.cleanModel.map { try FilteredCrawl(crawl, by: $0, measuring) }
    let summary = try scan(
      trial, id, crawl, reader: filtered?.reader ?? crawl.reader, measuring, in: folder)
    var outcome = try TrialMeasuring(
      lab: lab, trial: trial, crawl: crawl, dropped: filtered?.dropped ?? [], summary: summary,
      measuring: measuring
    ).outcome()
    outcome.measures += filtered?.measures ?? []
    let reader = try ReportReader(path: summary.report)
    let configuration = try reader.read { try $0.run(summary.run).configuration }
    return (outcome, configuration, summary.report)
  }

  /// The trial's folder, empty where another trial has left it: a database that is gone, or one that shares the work
  /// folder, had the same number.
  private func folder(of trial: Trial, _ id: Int64) throws -> String {
    let folder = Self.folder(of: id, in: work)
    let owner = Folder.join(folder, "fingerprint")
    if FileManager.default.contents(atPath: owner) != Data(trial.fingerprint.utf8) {
      if FileManager.default.fileExists(atPath: folder) {
        try FileManager.default.removeItem(atPath: folder)
      }
      try Folder.create(folder)
      try AtomicFile.write(trial.fingerprint.utf8, to: owner)
    }
    return folder
  }

  /// Thumbnails and checkpoints of all trials.
  private var scans: String { Folder.join(work, "scans") }

  private func planted(_ trial: Trial) throws -> PlantedCrawl {
    let planter = CrawlPlanter(
      trial.attack, labels: lab.labels, words: Set(lab.words), stop: stop)
    let crawl = try planter.overlay(
      try trial.crawl(of: lab), in: Folder.join(work, trial.plantingName))
    return trial.setup.poisoned ? crawl : crawl.unpoisoned
  }

  private func scan(
    _ trial: Trial, _ id: Int64, _ crawl: PlantedCrawl, reader: CrawlOverlay,
    _ measuring: ModelMeasuring, in folder: String
  ) throws -> ScanSummary {
    let report = Folder.join(folder, "audit.sqlite")
    let goesOn = FileManager.default.fileExists(atPath: report)
    if !goesOn { try store.forgetEpochs(of: id) }
    var request = ScanRequest(
      crawl: lab.crawl, report: report, configuration: trial.configuration,
      explicitSettings: trial.document.explicitNames,
      resume: goesOn)
    request.reader = reader
    if let share = trial.setup.trustedShare {
      request.configuration.trusted = try writeTrusted(share, of: crawl, trial.seed, in: folder)
      request.explicitSettings.insert("trusted")
    }
    request.workFolder = scans
    request.modelOut = Folder.join(folder, "model")
    let store = store
    request.onModel = { record, model in
      let measures = try measuring.result(model).measures
      func value(_ name: String) -> Double? { measures.first { $0.name == name }?.value }
      try store.record(
        TrialEpoch(
          number: record.epoch, stage: record.stage.rawValue,
          attackSuccess: value("attackSuccess"), zeroShotAccuracy: value("zeroShotAccuracy"),
          recallAt10: value("recallAt10"),
          trainingSeconds: record.seconds - record.scoringSeconds,
          scoringSeconds: record.scoringSeconds),
        of: id)
      guard record.endsStage else { return }
      try store.record(measuring.similarities(model, after: record), of: id)
    }
    return try Scan.run(request, stop: stop, onEvent: onEvent)
  }

  /// Writes the keys of a random part of the pairs that were not planted; returns the file.
  private func writeTrusted(
    _ share: Double, of crawl: PlantedCrawl, _ seed: UInt64, in folder: String
  ) throws -> String {
    var generator = SeededGenerator(seed: seed, 0x7257)
    let count = Int((share * Double(crawl.keptKeys.count)).rounded(.up))
    let drawn = generator.permutation(crawl.keptKeys.count).prefix(count).sorted()
    let path = Folder.join(folder, "trusted.txt")
    let lines = drawn.map { KeyLine.text(crawl.keptKeys[Int($0)]) }.joined()
    try AtomicFile.write(lines.utf8, to: path)
    return path
  }
}
