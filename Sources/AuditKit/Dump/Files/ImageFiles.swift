import Foundation
import Synchronization

/// Reads the bytes behind image sources, from any thread.
///
/// Shards stay open; the least recently used is closed when there are more than the limit. A compressed shard is
/// unpacked into a temporary file, of which few are kept.
package final class ImageFiles: Sendable {
  /// Images above this are refused before they are read.
  package let maximumImageBytes: Int
  private let maximumUnpackedBytes: Int64
  private let maximumOpenShards: Int
  private let followsPaths: Bool
  private let shards = Mutex(OpenShards())
  private let opening = Mutex(())

  /// As large as shards are, and as threads go on to the next one at different times.
  private static let maximumUnpackedShards = 3

  /// No file is open yet.
  ///
  /// - Parameters:
  ///   - maximumOpenShards: How many descriptors are kept.
  ///   - maximumImageBytes: The size limit of one image.
  ///   - maximumUnpackedBytes: What is unpacked of a compressed shard.
  ///   - followsPaths: Whether a shard that was replaced or written to is opened anew, for whoever keeps them open for
  ///     days; a scan goes on with those that it began with.
  package init(
    maximumOpenShards: Int = 64,
    maximumImageBytes: Int = CrawlConfiguration().maximumImageBytes,
    maximumUnpackedBytes: Int64 = CrawlConfiguration().maximumUnpackedBytes,
    followsPaths: Bool = false
  ) {
    precondition(maximumOpenShards > 0 && maximumImageBytes > 0)
    self.maximumOpenShards = maximumOpenShards
    self.maximumImageBytes = maximumImageBytes
    self.maximumUnpackedBytes = maximumUnpackedBytes
    self.followsPaths = followsPaths
  }

  /// With the limits that a crawl is read by.
  package convenience init(_ configuration: CrawlConfiguration) {
    self.init(
      maximumImageBytes: configuration.maximumImageBytes,
      maximumUnpackedBytes: configuration.maximumUnpackedBytes)
  }

  /// The number of shards that are open now.
  package var openShardCount: Int { shards.withLock { $0.entries.count } }

  /// All bytes of one image.
  ///
  /// - Throws: `ImageFileError`, which becomes a rejection.
  package func bytes(of source: ImageSource) throws(ImageFileError) -> [UInt8] {
    try bytes(of: source, in: try file(for: source))
  }

  /// The same from the file that it lies in.
  ///
  /// - Throws: `ImageFileError`.
  package func bytes(
    of source: ImageSource, in file: PositionedFile
  ) throws(ImageFileError) -> [UInt8] {
    let available = max(file.byteCount - source.offset, 0)
    let expected = source.length ?? available
    guard expected > 0, source.offset >= 0 else { throw .empty(source) }
    guard expected <= Int64(maximumImageBytes) else {
      throw .tooLarge(source, byteCount: expected, limit: maximumImageBytes)
    }
    let bytes: [UInt8]
    do {
      bytes = try file.read(at: source.offset, count: Int(expected))
    } catch {
      throw .unreadable(source, code: error.code)
    }
    guard bytes.count == Int(expected) else {
      throw .short(source, expected: expected, got: bytes.count)
    }
    guard isUnchanged(source, in: file) else { throw .changed(source) }
    return bytes
  }

  /// Whether a file of one image holds still while it is read, and a shard since it was indexed: that may only grow, as
  /// while it is downloaded, with the member still in its place.
  private func isUnchanged(_ source: ImageSource, in file: PositionedFile) -> Bool {
    guard source.member != nil else { return !file.hasChanged }
    guard let stamp = source.stamp else { return true }
    guard let present = file.presentStamp else { return false }
    if present == stamp { return true }
    let start = source.offset - Int64(TarBlock.byteCount)
    guard !file.isUnpacked, present.byteCount > stamp.byteCount, start >= 0,
      let block = try? file.read(at: start, count: TarBlock.byteCount)
    else { return false }
    return TarHeader(block[...])?.byteCount == source.length
  }

  /// The open file that an image's bytes lie in.
  ///
  /// - Throws: `ImageFileError`.
  package func file(for source: ImageSource) throws(ImageFileError) -> PositionedFile {
    // A file of its own is read once: keeping it open gains nothing.
    guard source.member != nil else { return try open(source) }
    if let file = openShard(at: source.path) { return file }
    // One at a time, so that two threads do not unpack the same shard side by side.
    return try opening.withLock { _ throws(ImageFileError) in
      if let file = openShard(at: source.path) { return file }
      let file = try open(source)
      let limit = file.isUnpacked ? Self.maximumUnpackedShards : maximumOpenShards
      shards.withLock { $0.keep(file, atMost: limit) }
      return file
    }
  }

  private func openShard(at path: String) -> PositionedFile? {
    guard let file = shards.withLock({ $0.file(at: path) }) else { return nil }
    guard followsPaths, !file.isAtItsPath else { return file }
    shards.withLock { $0.drop(file) }
    return nil
  }

  /// Closes the shards that are no longer what their paths lead to.
  package func closeReplaced() {
    let files = shards.withLock { $0.entries.values.map { $0.file } }
    for file in files where !file.isAtItsPath { shards.withLock { $0.drop(file) } }
  }

  private func open(_ source: ImageSource) throws(ImageFileError) -> PositionedFile {
    do {
      return try source.member == nil
        ? PositionedFile(path: source.path)
        : .opening(source.path, maximumByteCount: maximumUnpackedBytes)
    } catch {
      switch error {
      case .notAFile: throw .notAFile(source)
      case .system(ENOENT), .system(ENOTDIR): throw .missing(source)
      case .system(let code): throw .unreadable(source, code: code)
      case .unpacking: throw .packed(source, words: error.words)
      }
    }
  }
}

/// The shards that are open, with the time of their last use.
///
/// A reader that still holds a file which is dropped here keeps it open until it is done.
private struct OpenShards {
  var entries: [String: (file: PositionedFile, lastUse: UInt64)] = [:]
  private var clock: UInt64 = 0

  mutating func file(at path: String) -> PositionedFile? {
    clock += 1
    entries[path]?.lastUse = clock
    return entries[path]?.file
  }

  mutating func drop(_ file: PositionedFile) {
    if entries[file.path]?.file === file { entries[file.path] = nil }
  }

  mutating func keep(_ file: PositionedFile, atMost limit: Int) {
    clock += 1
    entries[file.path] = (file, clock)
    while true {
      let kin = entries.filter { $0.value.file.isUnpacked == file.isUnpacked }
      guard kin.count > limit,
        let oldest = kin.min(by: { $0.value.lastUse < $1.value.lastUse })
      else { return }
      entries[oldest.key] = nil
    }
  }
}
