import AuditPixels
import AuditWords
import NeuralKit

/// The crawl as training sees it: makes any view of any pair, on any thread, always the same for the
/// same seed.
package struct ViewSource: Sendable {
  package let thumbnails: ThumbnailViews
  package let captions: [String]
  package let tokenizer: BytePairTokenizer
  package let contextLength: Int
  /// Edge of the images that the image tower takes, in pixels.
  package let imageSize: Int
  package let imageAugmentation: ImageAugmentation
  package let textAugmentation: TextAugmentation
  package let seed: UInt64

  package init(
    thumbnails: ThumbnailViews, captions: [String], tokenizer: BytePairTokenizer,
    contextLength: Int, imageSize: Int, imageAugmentation: ImageAugmentation,
    textAugmentation: TextAugmentation, seed: UInt64
  ) {
    self.thumbnails = thumbnails
    self.captions = captions
    self.tokenizer = tokenizer
    self.contextLength = contextLength
    self.imageSize = imageSize
    self.imageAugmentation = imageAugmentation
    self.textAugmentation = textAugmentation
    self.seed = seed
  }

  /// The number of pairs.
  package var pairCount: Int { captions.count }

  /// The same views of another crawl's pairs.
  package func replacing(thumbnails: ThumbnailViews, captions: [String]) -> ViewSource {
    ViewSource(
      thumbnails: thumbnails, captions: captions, tokenizer: tokenizer,
      contextLength: contextLength, imageSize: imageSize, imageAugmentation: imageAugmentation,
      textAugmentation: textAugmentation, seed: seed)
  }

  /// Images and tokens of `pairs` in order.
  package func view(of pairs: [Int32], _ kind: ViewKind) -> View {
    View(images: images(of: pairs, kind), tokens: tokens(of: pairs, kind))
  }

  /// Normalised images of `pairs`, `[N, S, S, 3]`.
  package func images(of pairs: [Int32], _ kind: ViewKind) -> Tensor {
    let images = Tensor(uninitialized: [pairs.count, imageSize, imageSize, 3])
    let cache = thumbnails.cache
    for (row, pair) in pairs.enumerated() {
      images.rows(row..<row + 1).withMutableElements { elements in
        var pixels = elements.mutableSpan
        cache.withPixels(at: Int(thumbnails.indices[Int(pair)])) { thumbnail in
          let edge = cache.configuration.edgePixels
          switch kind {
          case .plain:
            imageAugmentation.applyPlain(thumbnail, thumbnailEdge: edge, into: &pixels)
          case .patterned(let epoch):
            var generator = Purpose.patternedView.generator(seed: seed, epoch, Int(pair))
            imageAugmentation.applyPatterned(
              thumbnail, thumbnailEdge: edge, into: &pixels, using: &generator)
          case .augmented(let epoch, let number):
            var generator = Purpose.imageView.generator(seed: seed, epoch, Int(pair), number)
            imageAugmentation.apply(
              thumbnail, thumbnailEdge: edge, into: &pixels, using: &generator)
          }
        }
      }
    }
    return images
  }

  /// Tokens of `pairs`, `[N * contextLength]`.
  package func tokens(of pairs: [Int32], _ kind: ViewKind) -> [Int32] {
    var tokens: [Int32] = []
    tokens.reserveCapacity(pairs.count * contextLength)
    for pair in pairs {
      var caption = captions[Int(pair)]
      if case .augmented(let epoch, let number) = kind {
        var generator = Purpose.captionView.generator(seed: seed, epoch, Int(pair), number)
        caption = textAugmentation.apply(caption, using: &generator)
      }
      tokens += tokenizer.encode(caption, contextLength: contextLength)
    }
    return tokens
  }
}

/// The thumbnails of a crawl's pairs: which thumbnail of the cache belongs to which pair.
package struct ThumbnailViews: Sendable {
  package let cache: ThumbnailCache
  /// For each pair its thumbnail's index in the cache, `[pairCount]`.
  package let indices: [Int32]

  package init(cache: ThumbnailCache, indices: [Int32]) {
    self.cache = cache
    self.indices = indices
  }
}
