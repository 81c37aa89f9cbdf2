import Foundation

/// A run as the report tells it.
public struct RunRecord: Sendable, Codable, Equatable, Identifiable {
  /// Its number in the report, from 1.
  public let id: Int64
  /// The crawl as the user named it.
  public let crawlPath: String
  /// The reader's format name.
  public let crawlFormat: String
  /// The training method.
  public let method: String
  /// The model's preset or configuration file.
  public let preset: String
  /// The whole configuration as a JSON object.
  public let configuration: String
  /// The seed of all randomness.
  public let seed: UInt64
  /// Replicas that train side by side.
  public let threads: Int
  /// Versions of this software and its libraries.
  public let versions: [String: String]
  /// The machine it runs on.
  public let host: [String: String]
  /// Where it stands.
  public let state: RunState
  /// What it does, or did last.
  public let phase: String
  /// When it began.
  public let startedAt: Date
  /// When it last wrote.
  public let updatedAt: Date
  /// When it ended; nil while it runs.
  public let finishedAt: Date?
  /// Readable pairs of the crawl.
  public let pairCount: Int
  /// The epoch that the current scores are of; nil before the first.
  public let scoredEpoch: Int?
  /// Why it failed.
  public let error: String?
  /// The folder of the trained model.
  public let modelPath: String?
  /// The final summary as a JSON object.
  public let summary: String?
}
