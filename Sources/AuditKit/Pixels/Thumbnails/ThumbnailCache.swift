import AuditFiles

/// Thumbnails on disk, `[N, edge, edge, 3]` bytes, memory-mapped and found by the SHA-256 of the image
/// they were made from.
///
/// In a folder, for each configuration (`crop-64-v1`):
/// - `crop-64-v1.pixels`: thumbnail i at byte `i * edge * edge * 3`, nothing else;
/// - `crop-64-v1.index`: a ``RecordFile``: image digest -> original width, height, CRC-32 of the
///   thumbnail's bytes;
/// - `crop-64-v1.sources`: a ``RecordFile``: hash of a ``SourceIdentity`` -> index of the thumbnail.
///
/// Pixels are written before the record that names them, so a process may be killed at any moment:
/// what has no record is written over. Several threads and several processes may use and extend one
/// cache at the same time; an append holds the lock of the index file. Indices stay what they are
/// for ever; nothing is deleted.
package final class ThumbnailCache: Sendable {
  package let configuration: ThumbnailConfiguration
  private let pixels: CacheFile
  private let index: RecordFile
  private let sources: RecordFile

  /// Opens the cache of `configuration` in `folder`, which is created where it is missing.
  ///
  /// Reads the index (64 bytes a thumbnail), and the pixels of those few thousand that were not yet
  /// on the disk for certain when the last writer ended.
  ///
  /// - Throws: ``CacheError``.
  package init(folder: String, configuration: ThumbnailConfiguration) throws(CacheError) {
    precondition(configuration.edgePixels > 0, "thumbnails of \(configuration.edgePixels) pixels")
    do {
      try Folder.create(folder)
    } catch {
      throw .system(operation: error.operation, path: error.path, code: error.code)
    }
    let base = "\(folder)/\(configuration.cacheName)"
    let byteCount = configuration.byteCount
    let pixels = try CacheFile(
      path: base + ".pixels", chunkBytes: ThumbnailCache.chunkBytes(thumbnail: byteCount))
    let index = try RecordFile(
      path: base + ".index", title: configuration.cacheName, values: pixels
    ) { (index, value, isDurable) throws(CacheError) in
      guard try pixels.byteCount() >= (index + 1) * byteCount else { return false }
      let thumbnail = try pixels.bytes(at: index * byteCount, count: byteCount)
      return isDurable || RecordFile.checksum(thumbnail) == value.2
    }
    sources = try RecordFile(
      path: base + ".sources", title: configuration.cacheName
    ) { (_, value, _) throws(CacheError) in try index.record(at: Int(value.0)) != nil }
    self.configuration = configuration
    self.pixels = pixels
    self.index = index
  }

  /// About 64 MiB: whole thumbnails and whole pages, whatever the edge.
  private static func chunkBytes(thumbnail byteCount: Int) -> Int {
    let commonBits = min(byteCount.trailingZeroBitCount, CacheFile.pageBytes.trailingZeroBitCount)
    let smallest = byteCount * (CacheFile.pageBytes >> commonBits)
    return smallest * max((1 << 26) / smallest, 1)
  }

  /// The number of thumbnails.
  package var count: Int { index.liveCount }

  /// Waits until everything is on the disk.
  ///
  /// Not needed against a kill, only against a power failure that would cost some thumbnails.
  package func synchronize() throws(CacheError) {
    try index.synchronize()
    try sources.synchronize()
  }
}

extension ThumbnailCache {
  /// The thumbnail of the image with this digest.
  package func thumbnail(of digest: ContentDigest) throws(CacheError) -> Thumbnail? {
    guard let found = try index.find(digest) else { return nil }
    return Thumbnail(digest, found.value, index: found.index)
  }

  /// The thumbnail of the image that was read from `source`, if it has not changed since.
  package func thumbnail(of source: SourceIdentity) throws(CacheError) -> Thumbnail? {
    guard let found = try sources.find(source.key) else { return nil }
    let position = Int(found.value.0)
    guard let record = try index.record(at: position) else { return nil }
    return Thumbnail(record.key, record.value, index: position)
  }

  /// Remembers which thumbnail belongs to `source`.
  package func remember(_ source: SourceIdentity, as thumbnail: Thumbnail) throws(CacheError) {
    _ = try sources.append(source.key) { _ in (UInt32(thumbnail.index), 0, 0) }
  }

  /// Adds a thumbnail, unless the image has one.
  ///
  /// - Throws: ``CacheError``; the cache is as before then.
  package func append(
    _ bitmap: Bitmap, of digest: ContentDigest, originalWidth: Int, originalHeight: Int
  ) throws(CacheError) -> Thumbnail {
    let edge = configuration.edgePixels
    precondition(
      bitmap.width == edge && bitmap.height == edge,
      "a bitmap of \(bitmap.width) x \(bitmap.height) in a cache of \(edge) pixels")
    let (width, height) = (UInt32(originalWidth), UInt32(originalHeight))
    let position = try index.append(digest) { (position) throws(CacheError) in
      try bitmap.pixels.withUnsafeBufferPointer { (bytes) throws(CacheError) in
        try pixels.write(
          UnsafeRawBufferPointer(bytes), at: position * configuration.byteCount)
      }
      return (width, height, RecordFile.checksum(bitmap.pixels))
    }.index
    return Thumbnail(digest, (width, height, 0), index: position)
  }
}

extension ThumbnailCache {
  /// Lends the pixels of a thumbnail, `[edge, edge, 3]`, without copying them.
  ///
  /// `index` is that of a ``Thumbnail`` which this cache returned. Any thread may call this at any
  /// time; only `body` throws.
  package func withPixels<Result, Failure: Error>(
    at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(
      index >= 0 && index < self.index.recordsSeen, "there is no thumbnail \(index)")
    let bytes: UnsafeRawBufferPointer
    do {
      bytes = try pixels.bytes(at: index * configuration.byteCount, count: configuration.byteCount)
    } catch {
      // Only address space can be short here.
      preconditionFailure("\(error)")
    }
    return try body(bytes.assumingMemoryBound(to: UInt8.self).span)
  }

  /// A copy of a thumbnail.
  package func bitmap(at index: Int) -> Bitmap {
    withPixels(at: index) { pixels in
      Bitmap(
        width: configuration.edgePixels, height: configuration.edgePixels,
        pixels: pixels.withUnsafeBufferPointer { Array($0) })
    }
  }
}

extension Thumbnail {
  fileprivate init(_ digest: ContentDigest, _ value: RecordFile.Value, index: Int) {
    self.init(
      digest: digest, originalWidth: Int(value.0), originalHeight: Int(value.1), index: index)
  }
}
