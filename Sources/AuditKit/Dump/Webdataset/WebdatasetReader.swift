import AuditFiles
import Foundation

/// Reads tar shards in img2dataset's layout (docs/formats.md).
///
/// A pair's key is the dump's where that is new to the crawl; the same key in a later shard becomes
/// `shard/key`, and with the folder's name before it where another folder has such a shard. Twice in one shard it is
/// rejected.
package struct WebdatasetReader: CrawlReader {
  /// The shards' paths, in the order in which they are read.
  package let shards: [String]
  /// What was found where shards were looked for, and is none.
  private let faults: [Rejection]
  private let configuration: CrawlConfiguration

  package init(
    shards: [String], faults: [Rejection] = [],
    configuration: CrawlConfiguration = CrawlConfiguration()
  ) {
    self.shards = shards
    self.faults = faults
    self.configuration = configuration
  }

  package var formatName: String { "webdataset" }

  package func read(_ body: (CrawlRecord) throws -> Void) throws {
    for fault in faults { try body(.rejected(fault)) }
    var keys = KeyRegistry()
    for path in shards {
      guard let file = try open(path, body) else { continue }
      if file.isGitPointer {
        let message = "a pointer of Git LFS, not the shard: fetch it with git lfs pull"
        try body(
          .rejected(
            Rejection(source: path, offset: 0, reason: .corruptArchive, message: message)))
        continue
      }
      var shard = WebdatasetShard(file: file, configuration: configuration)
      do {
        try shard.index { rejection in
          // Damaged compression explains the cut, and is told below.
          if file.damage != nil, rejection.reason == .truncatedArchive { return }
          try body(.rejected(rejection))
        }
      } catch let failure as PositionedFile.ReadFailure {
        // What was indexed up to here is still whole.
        try body(.rejected(unreadable(path, FileError.words(for: failure.code))))
      }
      if let damage = file.damage {
        let message = "\(damage.message); what came before is read"
        try body(
          .rejected(
            Rejection(
              source: path, offset: file.byteCount, reason: damage.reason, message: message)))
      }
      try shard.pairs { record in
        guard case .pair(let pair) = record else { return try body(record) }
        try body(withUniqueKey(pair, shard: path, &keys))
      }
    }
  }

  private func open(_ path: String, _ body: (CrawlRecord) throws -> Void) throws
    -> PositionedFile?
  {
    let failure: PositionedFile.OpenFailure
    do throws(PositionedFile.OpenFailure) {
      return try .opening(path, maximumByteCount: configuration.maximumUnpackedBytes)
    } catch {
      failure = error
    }
    if case .notAFile = failure {
      let message = "the shard is not a file"
      try body(.rejected(Rejection(source: path, reason: .notAFile, message: message)))
    } else {
      try body(.rejected(unreadable(path, failure.words)))
    }
    return nil
  }

  private func unreadable(_ path: String, _ words: String) -> Rejection {
    Rejection(
      source: path, reason: .unreadableFile, message: "the shard cannot be read: \(words)")
  }

  private func withUniqueKey(
    _ pair: Pair, shard path: String, _ keys: inout KeyRegistry
  ) -> CrawlRecord {
    if keys.insert(pair.key) { return .pair(pair) }
    let name = Compression.plainName(path)
    let stem = name.lowercased().hasSuffix(".tar") ? String(name.dropLast(4)) : name
    let components = stem.split(separator: "/")
    // Shards of the same name in several folders: as much of the path as tells them apart.
    for count in 1...max(1, components.count) {
      let key = (components.suffix(count) + [pair.key[...]]).joined(separator: "/")
      guard keys.insert(key) else { continue }
      return .pair(Pair(key: key, caption: pair.caption, image: pair.image, origin: pair.origin))
    }
    return .rejected(
      Rejection(
        source: pair.image.description, offset: pair.image.offset, reason: .duplicateKey,
        message: "the key '\(pair.key)' is taken by another pair, and so is '\(stem)/\(pair.key)'"))
  }
}

extension PositionedFile {
  /// Whether it is what a clone without Git LFS has in place of a large file.
  fileprivate var isGitPointer: Bool {
    let mark = "version https://git-lfs.github.com/"
    guard byteCount < 1024, let start = try? read(at: 0, count: mark.utf8.count) else {
      return false
    }
    return start.elementsEqual(mark.utf8)
  }
}
