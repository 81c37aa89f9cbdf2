import AuditFiles

/// Writes pairs as tar shards that `WebdatasetReader`, webdataset and open_clip read: `00000.tar`,
/// `00001.tar` and so on, each with `key.jpg` (or what the image is) and `key.txt`, or with the members that a pair
/// has elsewhere.
///
/// open_clip looks for no GIF: it passes over such pairs. A shard appears when it is complete. The same
/// pairs give the same bytes.
package struct WebdatasetWriter: ~Copyable {
  private let folder: String
  private let pairsPerShard: Int
  private let writesStatistics: Bool
  private var shard: TarWriter?
  private var pairsInShard = 0
  private var shardCount = 0
  /// Names in the shard, without regard to the case of their extensions.
  private var names: Set<String> = []

  /// - Parameters:
  ///   - folder: Made when it is not there.
  ///   - pairsPerShard: img2dataset's default is 10 000.
  ///   - writesStatistics: Whether each shard gets a `_stats.json` beside it, as img2dataset's have.
  /// - Throws: `DumpError.unwritable`.
  package init(
    folder: String, pairsPerShard: Int = 10_000, writesStatistics: Bool = false
  ) throws(DumpError) {
    precondition(pairsPerShard > 0)
    self.folder = folder
    self.pairsPerShard = pairsPerShard
    self.writesStatistics = writesStatistics
    do {
      try Folder.create(folder)
    } catch {
      throw DumpError(error)
    }
  }

  /// Adds a pair of an image and a caption.
  ///
  /// The key comes back as `WebdatasetKey.escaped` gives it.
  ///
  /// - Throws: `DumpError`; `unwritablePair` for an image that is no JPEG, PNG, WebP or GIF.
  package mutating func append(key: String, caption: String, image: [UInt8]) throws(DumpError) {
    try append(key: key, image: image, [("txt", .bytes(Array(caption.utf8)))])
  }

  /// Adds a pair of an image and what lies beside it: the same, with other members than a caption.
  ///
  /// - Throws: As the other two.
  package mutating func append(
    key: String, image: [UInt8], _ others: [(fileExtension: String, content: MemberContent)]
  ) throws(DumpError) {
    guard let fileExtension = ImageSignature.ending(of: image) else {
      throw .unwritablePair(key: key, problem: "its image is no JPEG, PNG, WebP or GIF")
    }
    try append(key: WebdatasetKey.escaped(key), [(fileExtension, .bytes(image))] + others)
  }

  /// Adds a pair of any members.
  ///
  /// - Parameters:
  ///   - key: As it is to stand in the shard.
  ///   - members: What each is, by its extension.
  /// - Throws: `DumpError`; `unwritablePair` where a reader would not find the key in a member's name, or the shard has
  ///   that member already.
  package mutating func append(
    key: String, _ members: [(fileExtension: String, content: MemberContent)]
  ) throws(DumpError) {
    if pairsInShard == pairsPerShard { try finishShard() }
    if shard == nil {
      shard = try TarWriter(path: Folder.join(folder, "\(shardName).tar"))
    }
    for (fileExtension, content) in members {
      let name = "\(key).\(fileExtension)"
      guard let parts = MemberName(Array(name.utf8)).parts, parts.key == key else {
        throw .unwritablePair(key: key, problem: "'\(name)' would be read as another pair's")
      }
      guard names.insert("\(key).\(parts.fileExtension)").inserted else {
        throw .unwritablePair(key: key, problem: "the shard has a member '\(name)' already")
      }
      try shard?.append(name, content)
    }
    pairsInShard += 1
  }

  /// Ends the last shard.
  ///
  /// - Returns: The number of shards.
  package consuming func finish() throws(DumpError) -> Int {
    try finishShard()
    return shardCount
  }

  private mutating func finishShard() throws(DumpError) {
    guard let complete = shard.take() else { return }
    try complete.finish()
    if writesStatistics {
      do {
        try AtomicFile.write(
          ShardStatistics.text(pairs: pairsInShard).utf8,
          to: Folder.join(folder, "\(shardName)_stats.json"))
      } catch {
        throw DumpError(error)
      }
    }
    shardCount += 1
    pairsInShard = 0
    names.removeAll(keepingCapacity: true)
  }

  private var shardName: String { String(shardCount).zeroPadded(to: 5) }
}
