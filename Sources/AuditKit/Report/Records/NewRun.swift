/// What is known of a run when it begins.
public struct NewRun: Sendable, Equatable {
  /// The crawl as the user named it.
  public var crawlPath: String
  /// The reader's format name, such as "webdataset".
  public var crawlFormat: String
  /// The training method, such as "safeclip".
  public var method: String
  /// The model's preset or configuration file.
  public var preset: String
  /// The whole configuration as a JSON object.
  public var configuration: String
  /// The seed of all randomness.
  public var seed: UInt64
  /// Replicas that train side by side.
  public var threads: Int
  /// Versions of this software and its libraries.
  public var versions: [String: String]
  /// The machine: processor, cores, memory, operating system.
  public var host: [String: String]
  /// What a user should know of it from its first moment.
  public var notices: [NewNotice]

  /// Describes a run that is about to begin.
  public init(
    crawlPath: String, crawlFormat: String, method: String, preset: String,
    configuration: String = "{}", seed: UInt64, threads: Int, versions: [String: String] = [:],
    host: [String: String] = [:], notices: [NewNotice] = []
  ) {
    self.crawlPath = crawlPath
    self.crawlFormat = crawlFormat
    self.method = method
    self.preset = preset
    self.configuration = configuration
    self.seed = seed
    self.threads = threads
    self.versions = versions
    self.host = host
    self.notices = notices
  }
}
