import AuditFiles

/// Makes thumbnails of many images on several threads, in a cache that remembers them.
package struct ThumbnailBuilder: Sendable {
  package let cache: ThumbnailCache
  package var limits = ImageLimits()
  package var threadCount: Int

  /// A builder that decodes on `threadCount` threads of its own.
  package init(cache: ThumbnailCache, threadCount: Int) {
    precondition(threadCount > 0, "\(threadCount) threads")
    self.cache = cache
    self.threadCount = threadCount
  }

  /// Makes what is missing and tells the result of every item.
  ///
  /// Items are taken and told in order on the calling thread, and appended to the cache in order, so
  /// that an empty cache ends up the same whatever the number of threads. The calling thread blocks.
  ///
  /// - Parameters:
  ///   - items: What to make thumbnails of.
  ///   - source: Where an item's bytes come from, if that is known without reading them: an image that
  ///     was seen there, and has not changed, is neither read nor decoded again.
  ///   - load: Reads an item's bytes; runs on the decoding threads. What it throws becomes the item's
  ///     result.
  ///   - each: Gets the thumbnail, or why there is none: ``PixelError``, or what `load` threw. An error
  ///     thrown from here ends the run.
  /// - Throws: ``CacheError``, and what `each` throws. What was appended stays.
  package func build<Items: Sequence>(
    _ items: Items,
    source: @escaping @Sendable (Items.Element) -> SourceIdentity? = { _ in nil },
    load: @escaping @Sendable (Items.Element) throws -> [UInt8],
    each: (Items.Element, Result<Thumbnail, any Error>) throws -> Void
  ) throws where Items.Element: Sendable {
    let work: @Sendable (Items.Element) -> Product = { item in
      do {
        return try make(source(item)) { try load(item) }
      } catch {
        return .failed(error)
      }
    }
    try OrderedWork.run(items, threadCount: threadCount, work: work) { item, product in
      try each(item, keep(product))
    }
    try cache.synchronize()
  }

  /// What a decoding thread hands over.
  private enum Product: Sendable {
    case known(Thumbnail)
    case found(Thumbnail, SourceIdentity?)
    case decoded(Bitmap, ContentDigest, width: Int, height: Int, SourceIdentity?)
    case failed(any Error)
  }

  private func make(
    _ source: SourceIdentity?, _ load: () throws -> [UInt8]
  ) throws -> Product {
    if let source, let known = try cache.thumbnail(of: source) { return .known(known) }
    let bytes = try load()
    let digest = ContentDigest(of: bytes)
    if let found = try cache.thumbnail(of: digest) { return .found(found, source) }
    let configuration = cache.configuration
    let image = try ImageDecoder.decode(
      bytes, minimumShorterEdge: configuration.edgePixels, limits: limits)
    return .decoded(
      image.thumbnail(edge: configuration.edgePixels, fit: configuration.fit), digest,
      width: image.originalWidth, height: image.originalHeight, source)
  }

  private func keep(_ product: Product) throws(CacheError) -> Result<Thumbnail, any Error> {
    switch product {
    case .known(let thumbnail):
      return .success(thumbnail)
    case .found(let thumbnail, let source):
      if let source { try cache.remember(source, as: thumbnail) }
      return .success(thumbnail)
    case .decoded(let bitmap, let digest, let width, let height, let source):
      let thumbnail = try cache.append(
        bitmap, of: digest, originalWidth: width, originalHeight: height)
      if let source { try cache.remember(source, as: thumbnail) }
      return .success(thumbnail)
    case .failed(let error as CacheError):
      throw error
    case .failed(let error):
      return .failure(error)
    }
  }
}
