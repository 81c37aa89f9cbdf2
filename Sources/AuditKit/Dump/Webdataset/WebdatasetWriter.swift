import AuditFiles

/// Writes pairs as tar shards that `WebdatasetReader`, webdataset and open_clip read: `00000.tar`,
/// `00001.tar` and so on, each with `key.jpg` (or what the image is) and `key.txt`.
///
/// open_clip looks for no GIF: it passes over such pairs. A shard appears when it is complete. The same
/// pairs give the same bytes.
package struct WebdatasetWriter: ~Copyable {
  private let folder: String
  private let pairsPerShard: Int
  private var shard: TarWriter?
  private var pairsInShard = 0
  private var shardCount = 0

  /// - Parameters:
  ///   - folder: Made when it is not there.
  ///   - pairsPerShard: img2dataset's default is 10 000.
  /// - Throws: `DumpError.unwritable`.
  package init(folder: String, pairsPerShard: Int = 10_000) throws(DumpError) {
    precondition(pairsPerShard > 0)
    self.folder = folder
    self.pairsPerShard = pairsPerShard
    do {
      try Folder.create(folder)
    } catch {
      throw DumpError(error)
    }
  }

  /// Adds a pair.
  ///
  /// The key comes back as it is, but for dots and percent signs in its last component, which stand
  /// as `%2E` and `%25`: a dot there would end it.
  ///
  /// - Throws: `DumpError`; `unwritablePair` for an image that is no JPEG, PNG, WebP or GIF.
  package mutating func append(key: String, caption: String, image: [UInt8]) throws(DumpError) {
    guard let fileExtension = Self.fileExtension(of: image) else {
      throw .unwritablePair(key: key, problem: "its image is no JPEG, PNG, WebP or GIF")
    }
    if pairsInShard == pairsPerShard { try finishShard() }
    if shard == nil {
      let number = String(shardCount)
      let padding = String(repeating: "0", count: max(0, 5 - number.count))
      shard = try TarWriter(path: Folder.join(folder, "\(padding)\(number).tar"))
    }
    let name = Self.memberName(for: key)
    try shard?.append("\(name).\(fileExtension)", image)
    try shard?.append("\(name).txt", Array(caption.utf8))
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
    shardCount += 1
    pairsInShard = 0
  }

  private static func memberName(for key: String) -> String {
    let folder = Folder.parent(of: key)
    let name = Folder.name(of: key)
      .replacing("%", with: "%25").replacing(".", with: "%2E")
    return key.contains("/") ? Folder.join(folder, name) : name
  }

  /// Told from the first bytes, as decoders do.
  private static func fileExtension(of image: [UInt8]) -> String? {
    if image.starts(with: [0xFF, 0xD8, 0xFF]) { return "jpg" }
    if image.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "png" }
    if image.starts(with: "RIFF".utf8), image.dropFirst(8).starts(with: "WEBP".utf8) {
      return "webp"
    }
    if image.starts(with: "GIF8".utf8) { return "gif" }
    return nil
  }
}
