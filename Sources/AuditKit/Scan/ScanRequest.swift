import AuditDump
import AuditTraining

/// What to scan, and where its results go.
public struct ScanRequest: Sendable {
  /// The crawl: a folder of shards, a shard, a caption file, a folder with one, or openclipart's root.
  public var crawl: String
  /// The crawl's format; nil tells it from what is there.
  public var format: CrawlFormat?
  /// Reads the crawl in place of what lies at its path, such as an overlay of it.
  package var reader: (any CrawlReader)?
  /// Gets the model after each epoch, before the epoch is checkpointed.
  package var onModel: (@Sendable (EpochRecord, TrainedModel) throws -> Void)?
  /// The report's file, created where there is none.
  public var report: String
  /// Thumbnails and checkpoints; nil: beside the report, `<report>.work`.
  ///
  /// May be deleted after the scan.
  public var workFolder: String?
  /// Where the trained model goes, in open_clip's layout; nil: nowhere.
  public var modelOut: String?
  /// Pairs kept out of training on which retrieval is measured at the end; nil: none.
  public var heldOut: String?
  /// The settings.
  public var configuration: ScanConfiguration
  /// Names of the settings that the user chose; they never adapt.
  public var explicitSettings: Set<String>
  /// How long to wait for another process that scans into the report.
  package var patience = ReportLock.shortPatience
  /// Whether to go on with the crawl's last unfinished run.
  public var resume: Bool

  /// A scan with default settings.
  public init(
    crawl: String, report: String, configuration: ScanConfiguration = ScanConfiguration(),
    explicitSettings: Set<String> = [], resume: Bool = false
  ) {
    self.crawl = crawl
    self.report = report
    self.configuration = configuration
    self.explicitSettings = explicitSettings
    self.resume = resume
  }
}
