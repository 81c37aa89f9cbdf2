import AuditDump
import AuditFiles
import AuditPixels
import AuditReport
import AuditTraining
import Foundation

/// What is known of a crawl once it is read: usable pairs with their thumbnails, and what could not
/// be used.
///
/// Three parallel arrays, because ten million pairs are held.
package struct CrawlIntake: Sendable {
  package private(set) var pairs: [Pair] = []
  package private(set) var thumbnails: [Thumbnail] = []
  package private(set) var rejections: [RejectionRecord] = []

  /// Reads the crawl, then makes the thumbnails that are missing.
  ///
  /// Bad records are collected, never thrown; throws where the crawl as a whole cannot be read or a
  /// stop is asked for.
  package init(
    reader: any CrawlReader, files: ImageFiles, cache: ThumbnailCache, threads: Int,
    stop: StopSignal,
    onEvent: (ScanEvent) -> Void
  ) throws {
    onEvent(.phase(.reading))
    var found: [Pair] = []
    var clock = ProgressClock()
    try reader.read { record in
      if stop.isRequested { throw ScanStopped() }
      switch record {
      case .pair(let pair): found.append(pair)
      case .rejected(let rejection): rejections.append(RejectionRecord(rejection))
      }
      if let rate = clock.tick(found.count) {
        onEvent(.items(done: found.count, total: nil, perSecond: rate))
      }
    }
    onEvent(.phase(.thumbnails))
    try decode(found, files, cache, threads, stop, onEvent)
  }

  private mutating func decode(
    _ found: [Pair], _ files: ImageFiles, _ cache: ThumbnailCache, _ threads: Int,
    _ stop: StopSignal, _ onEvent: (ScanEvent) -> Void
  ) throws {
    let identities = SourceIdentities()
    pairs.reserveCapacity(found.count)
    thumbnails.reserveCapacity(found.count)
    var clock = ProgressClock()
    var done = 0
    try ThumbnailBuilder(cache: cache, threadCount: threads).build(
      found, source: { identities.identity(of: $0.image) },
      load: { try files.bytes(of: $0.image) }
    ) { pair, result in
      if stop.isRequested { throw ScanStopped() }
      switch result {
      case .success(let thumbnail):
        pairs.append(pair)
        thumbnails.append(thumbnail)
      case .failure(let error):
        rejections.append(RejectionRecord(pair, error))
      }
      done += 1
      if let rate = clock.tick(done) {
        onEvent(.items(done: done, total: found.count, perSecond: rate))
      }
    }
  }

  /// What could not be used, in a sentence; nil where there was nothing.
  var rejectionNotice: String? {
    guard !rejections.isEmpty else { return nil }
    let reasons = rejectionCounts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    return "\(rejections.count) pieces of the crawl are not usable: \(reasons)"
  }

  /// How many pieces were rejected for each reason.
  var rejectionCounts: [String: Int] {
    rejections.reduce(into: [:]) { $0[$1.reason, default: 0] += 1 }
  }

  /// The captions in the crawl's order.
  var captions: [String] { pairs.map(\.caption) }

  /// The thumbnails as training takes them, from the cache that they were made in.
  func views(in cache: ThumbnailCache) -> ThumbnailViews {
    ThumbnailViews(cache: cache, indices: thumbnails.map { Int32($0.index) })
  }

  /// The pairs as the report keeps them.
  var records: [PairRecord] {
    zip(pairs, thumbnails).map { pair, thumbnail in
      PairRecord(
        key: pair.key, caption: pair.caption, sourcePath: pair.image.path,
        sourceMember: pair.image.member, sourceOffset: pair.image.offset,
        sourceLength: pair.image.length, imageWidth: thumbnail.originalWidth,
        imageHeight: thumbnail.originalHeight, imageSHA256: thumbnail.digest.bytes,
        url: pair.origin?.url, uid: pair.origin?.uidText,
        originalWidth: (pair.origin?.originalSize?.width).map(Int.init),
        originalHeight: (pair.origin?.originalSize?.height).map(Int.init),
        promisedSHA256: pair.origin?.sha256)
    }
  }

  /// What is to be said of images whose bytes are not those of the hash in the crawl's metadata; nil where there are none.
  var hashNotice: String? {
    var (compared, differing) = (0, [Int]())
    for (place, pair) in pairs.enumerated() {
      guard let promised = pair.origin?.sha256 else { continue }
      compared += 1
      if promised != thumbnails[place].digest.bytes { differing.append(place) }
    }
    guard let first = differing.first else { return nil }
    guard 2 * differing.count <= compared else {
      return """
        \(differing.count) of \(compared) hashes in the crawl's metadata are not those of the stored images: they were \
        taken before images were encoded anew, and say nothing here
        """
    }
    return """
      \(differing.count) of \(compared) images are not those that the crawl's metadata promise (their sha256 differs), \
      the first is '\(pairs[first].key)': their servers, or somebody on the way, gave other images
      """
  }
}

/// A stop before there is anything to lose.
struct ScanStopped: Error {}

extension RejectionRecord {
  init(_ rejection: Rejection) {
    self.init(
      source: rejection.source, offset: rejection.offset, reason: rejection.reason.rawValue,
      message: rejection.message)
  }

  /// An image that could not be read or decoded.
  init(_ pair: Pair, _ error: any Error) {
    let reason =
      switch error {
      case let error as PixelError: error.reason.rawValue
      case let error as ImageFileError: error.reason.rawValue
      default: RejectionReason.unreadableFile.rawValue
      }
    self.init(
      source: pair.image.description, offset: pair.image.offset, reason: reason,
      message: "\(error)")
  }
}

/// Lets an event through four times a second.
private struct ProgressClock {
  private let began = ContinuousClock.now
  private var last = ContinuousClock.now

  /// Items per second since the start, when it is time to tell.
  mutating func tick(_ count: Int) -> Double? {
    let now = ContinuousClock.now
    guard now - last > .milliseconds(250) else { return nil }
    last = now
    return Double(count) / (now - began).seconds
  }
}
