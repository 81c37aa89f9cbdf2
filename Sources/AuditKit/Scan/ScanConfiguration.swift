import AuditDump
import AuditPixels
import AuditTraining
import AuditWords

/// Everything that decides what a scan computes.
///
/// The same names stand in the JSON file (`--config`), behind `--set` (`training.batchSize=128`),
/// and in the report.
public struct ScanConfiguration: Codable, Sendable {
  /// A preset's name (`compact`, `RN50`, `ViT-B-32`) or the path of an open_clip JSON file.
  public var preset = "compact"
  /// All randomness follows from this number.
  public var seed: UInt64 = 0
  /// Cores at work; 0: all.
  ///
  /// Results are identical for the same number only.
  public var threads = 0
  /// A file with the keys of pairs that are known to be clean, one a line; nil: none are known.
  public var trusted: String?
  /// How the crawl is read.
  public var crawl = CrawlConfiguration()
  /// The loop and the optimiser.
  public var training = TrainingConfiguration()
  /// Thumbnails that training sees.
  public var thumbnails = ThumbnailConfiguration()
  /// SimCLR's augmentation of images.
  public var imageAugmentation = ImageAugmentationConfiguration()
  /// EDA's augmentation of captions.
  public var textAugmentation = TextAugmentationConfiguration()
  /// The byte-pair vocabulary.
  public var tokenizer = TokenizerConfiguration()

  /// The paper's constants with the compact preset.
  public init() {}
}
