import AuditDump
import AuditPixels

/// What is in a crawl, before anybody trains on it.
public struct CrawlInspection: Codable, Sendable, Equatable {
  /// The path as it was given.
  public var path: String
  /// The format in words.
  public var format: String
  /// Images that have a caption.
  public var pairCount: Int
  /// How many records of each reason code are no pairs; images that cannot be decoded are counted in the sample only.
  public var rejections: [String: Int]
  /// Of all captions.
  public var captions: CaptionStatistics
  /// Where the pairs came from; nil where the crawl does not tell.
  public var hosts: HostStatistics?
  /// Of the images that were drawn.
  public var sample: ImageStatistics

  /// Looks at a crawl: all records, and the images of a sample.
  ///
  /// - Parameters:
  ///   - path: As for `Crawl.reader`.
  ///   - format: How to read it; nil finds out.
  ///   - crawl: Column names, limits.
  ///   - configuration: How much to look at.
  ///   - limits: What decoding one image may cost.
  /// - Throws: `DumpError` where the crawl cannot be read.
  public init(
    path: String, format: CrawlFormat? = nil, crawl: CrawlConfiguration = CrawlConfiguration(),
    configuration: InspectionConfiguration = InspectionConfiguration(),
    limits: ImageLimits = ImageLimits()
  ) throws {
    let reader = try Crawl.reader(for: path, format: format, configuration: crawl)
    var captions = CaptionCensus()
    var hosts = HostCensus()
    var sample = PairSample(size: configuration.sampledImages, seed: configuration.seed)
    var rejections: [String: Int] = [:]
    var pairCount = 0
    try reader.read { record in
      switch record {
      case .rejected(let rejection):
        rejections[rejection.reason.rawValue, default: 0] += 1
      case .pair(let pair):
        pairCount += 1
        captions.count(pair.caption)
        hosts.count(pair.origin)
        sample.offer(pair)
      }
    }
    self.path = path
    self.format = reader.formatName
    self.pairCount = pairCount
    self.rejections = rejections
    self.captions = captions.statistics
    self.hosts = hosts.statistics(largest: configuration.listedHosts)
    self.sample = try ImageStatistics(
      of: sample.pairs, outOf: pairCount, threads: configuration.threads,
      files: ImageFiles(crawl), limits: limits)
  }
}

/// How much of a crawl is looked at.
public struct InspectionConfiguration: Codable, Sendable, Equatable {
  /// Images that are drawn, read and decoded; 0 for none.
  public var sampledImages = 2_000
  /// Decides which.
  public var seed: UInt64 = 0
  /// Hosts that are listed.
  public var listedHosts = 10
  /// Threads that decode.
  public var threads = 1

  /// The defaults.
  public init() {}
}

/// Smallest, middle and largest of some numbers.
public struct Spread: Codable, Sendable, Equatable {
  /// The smallest.
  public var minimum: Int
  /// The one in the middle (the lower of two).
  public var median: Int
  /// The one that 95 % do not exceed.
  public var percentile95: Int
  /// The largest.
  public var maximum: Int

  /// Of some numbers; nil of none.
  init?(_ numbers: [Int]) {
    let sorted = numbers.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    minimum = first
    maximum = last
    median = sorted[(sorted.count - 1) / 2]
    percentile95 = sorted[(sorted.count * 95 + 99) / 100 - 1]
  }

  /// Of numbers that are counted by value; nil of none.
  init?(counts: [Int: Int]) {
    let sorted = counts.sorted { $0.key < $1.key }
    let total = counts.values.reduce(0, +)
    guard total > 0, let first = sorted.first, let last = sorted.last else { return nil }
    /// The value at a place, from 0, of all in order.
    func value(at place: Int) -> Int {
      var passed = 0
      for (value, count) in sorted {
        passed += count
        if passed > place { return value }
      }
      return last.key
    }
    minimum = first.key
    maximum = last.key
    median = value(at: (total - 1) / 2)
    percentile95 = value(at: (total * 95 + 99) / 100 - 1)
  }
}
