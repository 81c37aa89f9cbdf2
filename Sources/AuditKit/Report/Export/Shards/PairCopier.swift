import AuditDump
import AuditFiles
import Foundation

/// Copies pairs from where a run read them into new shards, unless they have changed since.
struct PairCopier: ~Copyable {
  private var writer: WebdatasetWriter
  private let configuration: CrawlConfiguration
  /// Where nothing may be read from, for it will be replaced.
  private let target: String
  private let images: ImageFiles
  /// The shard that was read last: pairs come in the crawl's order, shard by shard.
  private var shard: ShardMembers?
  private(set) var count = 0

  /// - Parameters:
  ///   - writer: takes the pairs.
  ///   - target: the folder that the shards will replace.
  ///   - configuration: how the run read the crawl.
  init(writer: consuming WebdatasetWriter, target: String, configuration: CrawlConfiguration) {
    self.writer = writer
    self.target = target
    self.configuration = configuration
    images = ImageFiles(configuration)
  }

  /// Adds a pair.
  ///
  /// - Throws: `ShardExportError`; `DumpError` where it cannot be written.
  mutating func copy(_ pair: PairRecord) throws {
    if pair.sourceMember == nil {
      try copyFile(pair)
    } else {
      try copyMembers(pair)
    }
    count += 1
  }

  /// Ends the last shard.
  ///
  /// - Returns: how many pairs in how many shards.
  consuming func finish() throws(DumpError) -> ShardExport.Summary {
    let count = count
    return ShardExport.Summary(pairs: count, shards: try writer.finish())
  }

  private mutating func copyFile(_ pair: PairRecord) throws {
    try refuseTarget(pair)
    let image = try image(of: pair)
    let beside = CaptionFiles(besideImage: pair.sourcePath, configuration)
    // Of a list's pair, what lies beside the image is another caption, if it is one.
    guard beside.caption?.storable == pair.caption else {
      return try writer.append(key: pair.key, caption: pair.caption, image: image)
    }
    let text = beside.text ?? ("txt", Array(pair.caption.utf8))
    try writer.append(
      key: pair.key, image: image,
      [(text.fileExtension, .bytes(text.bytes))]
        + (beside.json.map { [("json", .bytes($0))] } ?? []))
  }

  private mutating func copyMembers(_ pair: PairRecord) throws {
    let shard = try opened(pair)
    func changed(_ reason: String) -> ShardExportError {
      .changed(source: pair.sourcePath, key: pair.key, reason: reason)
    }
    let name = pair.sourceMember ?? ""
    guard let member = shard.member(at: pair.sourceOffset), member.name == name,
      member.byteCount == pair.sourceLength
    else { throw changed("the image \(name) is not at byte \(pair.sourceOffset) any more") }
    let image = try image(of: pair)
    let members = shard.pair(of: member)
    guard let caption = try? shard.caption(of: members, configuration),
      caption.storable == pair.caption
    else { throw changed("the caption is another one") }
    try writer.append(
      key: pair.key,
      members.map { other in
        let content: MemberContent =
          other.offset == member.offset
          ? .bytes(image)
          : .stretch(of: shard.file, offset: other.offset, byteCount: other.byteCount)
        return (other.fileExtension, content)
      })
  }

  /// The bytes of the image, which are those that the run has read.
  private func image(of pair: PairRecord) throws(ShardExportError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try images.bytes(of: pair.image)
    } catch {
      throw .unreadable(source: pair.sourcePath, key: pair.key, reason: error.rejection.message)
    }
    guard pair.imageSHA256.map({ ContentDigest(of: bytes).bytes == $0 }) ?? true else {
      throw .changed(
        source: pair.sourcePath, key: pair.key, reason: "the image has other bytes (SHA-256)")
    }
    return bytes
  }

  private mutating func opened(_ pair: PairRecord) throws(ShardExportError) -> ShardMembers {
    if let shard, shard.file.path == pair.sourcePath { return shard }
    try refuseTarget(pair)
    func unreadable(_ reason: String) -> ShardExportError {
      .unreadable(source: pair.sourcePath, key: pair.key, reason: reason)
    }
    let file: PositionedFile
    do {
      // The one that images are read from, which of a compressed shard is the unpacked copy.
      file = try images.file(for: pair.image)
    } catch {
      throw unreadable(error.rejection.message)
    }
    let members: ShardMembers
    do {
      members = try ShardMembers(of: file)
    } catch {
      throw unreadable(FileError.words(for: error.code))
    }
    shard = members
    return members
  }

  private func refuseTarget(_ pair: PairRecord) throws(ShardExportError) {
    if ExportFolder.holds(target, pair.sourcePath) {
      throw .folderHoldsSource(path: target, source: pair.sourcePath)
    }
  }
}

extension PairRecord {
  /// Where its image lies.
  fileprivate var image: ImageSource {
    ImageSource(
      path: sourcePath, member: sourceMember, offset: sourceOffset, length: sourceLength)
  }
}
