import AuditDump
import AuditKit
import Foundation

/// What decides a trial's results beside its attack, its settings and its seed.
///
/// The trial's row holds it, so that tables take together only what has it in common.
struct TrialSetup: Codable, Sendable, Equatable {
  /// The crawl's format; nil was told from what is there.
  var format: CrawlFormat?
  /// A file of labels by key.
  var labels: String?
  /// The words or labels that are classes.
  var words: [String]
  /// Prompts for zero-shot classification.
  var templates: [String]
  /// A folder of labelled images to measure on.
  var labelledImages: String?
  /// Pairs that a linear probe learns from, at most.
  var probePairs: Int
  /// Pairs that are told to be clean, as a share of the crawl.
  var trustedShare: Double?
  /// Drops pairs before training.
  var cleanModel: CleanModelFilter?
  /// Whether what is planted is trained on.
  var poisoned: Bool

  init(_ lab: LabConfiguration, _ method: TrialMethod) {
    format = lab.format
    labels = lab.labels
    words = lab.words
    templates = lab.templates
    labelledImages = lab.labelledImages
    probePairs = lab.probePairs
    trustedShare = method.trustedShare
    cleanModel = method.cleanModel
    poisoned = method.poisoned
  }

  /// As a JSON object, the same for the same setup.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
