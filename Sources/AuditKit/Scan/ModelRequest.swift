import AuditDump
import AuditTraining
import Foundation

/// Which model is applied to which crawl, and how.
public struct ModelRequest: Sendable {
  /// The model's folder.
  public var model: String
  /// The model itself, in place of what lies in its folder.
  package var loaded: TrainedModel?
  /// CLIP's merges file, for a model without a `tokenizer.json`.
  public var mergesPath: String?
  /// The crawl: a folder of shards, a shard, a caption file, a folder with one, or openclipart's root.
  public var crawl: String
  /// The crawl's format; nil tells it from what is there.
  public var format: CrawlFormat?
  /// Reads the crawl in place of what lies at its path, such as an overlay of it.
  package var reader: (any CrawlReader)?
  /// How the crawl is read.
  public var crawlConfiguration = CrawlConfiguration()
  /// Where thumbnails are kept; may be deleted afterwards.
  public var workFolder: String
  /// Cores at work; 0: all.
  ///
  /// Results do not depend on it.
  public var threads = 0
  /// Which captions shuffled pairs get, and the bootstrap's draws.
  public var seed: UInt64 = 0
  /// How pairs are compared and when they are safe: `neighbours`, `nearestImagesWeight`,
  /// `nearestCaptionsWeight`, `duplicateCosine`, `neighbourReferences`, `safeThreshold`, `safeShareMinimum`,
  /// `falseAcceptLimit` and `safeShareCap` of these.
  public var training = TrainingConfiguration()
  /// Names of the settings that the user chose; they never adapt.
  public var explicitSettings: Set<String> = []

  /// A request with default settings.
  public init(model: String, crawl: String, workFolder: String) {
    self.model = model
    self.crawl = crawl
    self.workFolder = workFolder
  }

  /// The number of threads in force.
  var threadCount: Int {
    threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
  }
}
