import AuditReport
import Foundation
import GRDB

/// Where a trial stands.
public enum TrialState: String, Codable, Sendable {
  /// Being trained or measured, or cut off while it was.
  case running
  /// Ended by an error; the next run of the lab tries again.
  case failed
  /// Measured.
  case finished
}

/// A trial as the lab's database has it.
public struct TrialRecord: Sendable, Codable, Equatable, FetchableRecord {
  /// Its number, from 1.
  public let id: Int64
  /// The crawl as the configuration names it.
  public let crawl: String
  /// The attack's parameters as a JSON object.
  public let attack: String
  /// The attack in tables.
  public let attackName: String
  /// The way to train.
  public let method: String
  /// The seed, as SQLite's signed number.
  public let seed: Int64
  /// Where it stands.
  public let state: TrialState
  /// When it was entered.
  public let startedAt: Date
  /// When it ended.
  public let finishedAt: Date?
  /// Pairs that were trained on.
  public let pairs: Int?
  /// Training, scoring and writing.
  public let seconds: Double?
  /// All settings of the scan, adapted, as a JSON object.
  public let configuration: String?
  /// The scan's report, beside the database.
  public let report: String?
  /// Why it failed.
  public let error: String?
  /// What else decides its results, classes and prompts for example, as a JSON object; nil where an earlier version wrote it.
  public let setup: String?
}

/// A planted pair with what the scan thinks of it.
public struct PlantedRecord: Sendable, Codable, Equatable, FetchableRecord {
  /// Its key in the crawl.
  public let key: String
  /// What was done to its image.
  public let change: String
  /// The key of the pair whose image it shows.
  public let target: String
  /// What the model is to see in it.
  public let className: String
  /// Its place by risk among all pairs, from 1.
  public let rank: Int
  /// Whether it is in the last safe set.
  public let isSafe: Bool
}

extension PlantedRecord {
  init(_ truth: PlantedCrawl.Truth, rank: Int, isSafe: Bool) {
    self.init(
      key: truth.key, change: truth.change, target: truth.target, className: truth.className,
      rank: rank, isSafe: isSafe)
  }
}

/// What the model was worth after an epoch of a trial.
public struct TrialEpoch: Sendable, Codable, Equatable, FetchableRecord {
  /// Counted from 0 over all stages.
  public let number: Int
  /// The stage it belongs to.
  public let stage: String
  /// Share of the probes that are taken for the attacker's class.
  public let attackSuccess: Double?
  /// Share of held-out images that are taken for their class.
  public let zeroShotAccuracy: Double?
  /// Share of held-out images whose caption is among the ten nearest.
  public let recallAt10: Double?
  /// Wall-clock time of its optimiser steps.
  public let trainingSeconds: Double?
  /// Wall-clock time of scoring pairs and choosing the safe set after it.
  public let scoringSeconds: Double?
  /// The safe set that follows from the epoch, as a share of the crawl; nil before the split, and while the
  /// trial runs.
  public var safeShare: Double?
  /// Share of the planted pairs that are in it.
  public var plantedInSafeSet: Double?
}

/// The safe set that followed from an epoch.
struct EpochSafeSet: Sendable, Equatable {
  var number: Int
  /// Pairs in it.
  var count: Int
  /// Of the crawl.
  var share: Double
  /// Planted pairs in it.
  var planted: Int
}

/// What a trial leads to.
struct TrialOutcome: Sendable {
  var pairs: Int
  var seconds: Double
  var measures: [MeasureRow]
  var planted: [PlantedRecord]
  var safeSets: [EpochSafeSet]
}
