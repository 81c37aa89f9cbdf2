import AuditDump
import AuditEvaluation
import AuditKit
import AuditReport
import AuditRisk
import AuditSettings
import NeuralKit

/// Drops pairs that a clean model finds unlike before anything is trained (Yang et al., 2023): a defence to compare
/// with, which needs such a model and the right threshold.
public struct CleanModelFilter: Codable, Sendable, Equatable {
  /// The model, a folder as `scan --model-out` writes it.
  public var folder = ""
  /// Pairs with a smaller cosine of image and caption are dropped.
  public var threshold = 0.0

  /// The cosines that there are.
  public static let thresholds = -1.0...1.0

  /// Keeps everything by no model.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case folder, threshold
  }

  /// Reads the filter; without a threshold it is 0, without a folder there is none.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.folder, into: &folder)
    try values.read(.threshold, into: &threshold, Self.thresholds)
    guard !folder.isEmpty else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: "a clean model needs its folder"))
    }
  }
}

/// What a clean model leaves of a poisoned crawl.
struct FilteredCrawl {
  /// The pairs that are kept.
  let reader: CrawlOverlay
  /// Keys of the others.
  let dropped: [String]
  /// How well the model's similarity finds what was planted, and how much of it is kept.
  let measures: [MeasureRow]

  /// Whose ranking and whose choice of pairs the measures are of, beside those of the scan that follows.
  static let subject = "cleanModel"

  /// Embeds the crawl by the model, and drops what it finds unlike.
  ///
  /// - Throws: `LabError.unusableModel`, and what reading and embedding throw.
  init(_ crawl: PlantedCrawl, by filter: CleanModelFilter, _ measuring: ModelMeasuring) throws {
    let model = try TrainedModel(namedByLab: filter.folder)
    let pairs = try measuring.embedded(model, reader: crawl.reader)
    let risks = pairs.similarities(measuring.backend).map { -Double($0) }
    let kept = pairs.keys.indices.filter { risks[$0] <= -filter.threshold }
    reader = CrawlOverlay(
      base: crawl.reader, kept: Set(kept.map { pairs.keys[$0] }), planted: PairList([]))
    dropped = pairs.keys.indices.filter { risks[$0] > -filter.threshold }.map { pairs.keys[$0] }
    let planted = crawl.truth.byKey
    let truths = pairs.keys.map { planted[$0] }
    let truth = DetectionTruth(clusters: truths.clusters)
    var measures = DetectionMeasures.rows(
      risks: risks, truth, subject: Self.subject, seed: measuring.seed)
    if let share = truth.share(ofPoisoned: kept.count { truths[$0] != nil }) {
      measures.append(MeasureRow("plantedInSafeSet", Self.subject, share))
    }
    measures.append(
      MeasureRow(
        name: "share", subject: Self.subject,
        value: Double(kept.count) / Double(max(1, pairs.keys.count))))
    self.measures = measures
  }
}
