import AuditPixels
import AuditWords
import NeuralKit

/// The crawl as training sees it: makes any view of any pair, on any thread, always the same for the
/// same seed.
package struct ViewSource: Sendable {
  package let thumbnails: TrainingThumbnails
  package let captions: [String]
  package let tokenizer: BytePairTokenizer
  package let contextLength: Int
  /// Edge of the images that the image tower takes, in pixels.
  package let imageSize: Int
  package let imageAugmentation: ImageAugmentation
  package let textAugmentation: TextAugmentation
  package let seed: UInt64

  /// The number of pairs.
  package var pairCount: Int { captions.count }

  /// Images and tokens of `pairs` in order.
  package func view(of pairs: [Int32], _ kind: ViewKind) -> View {
    View(images: images(of: pairs, kind), tokens: tokens(of: pairs, kind))
  }

  private func images(of pairs: [Int32], _ kind: ViewKind) -> Tensor {
    let images = Tensor(uninitialized: [pairs.count, imageSize, imageSize, 3])
    for (row, pair) in pairs.enumerated() {
      images.rows(row..<row + 1).withMutableElements { pixels in
        thumbnails.withPixels(of: Int(pair)) { thumbnail in
          switch kind {
          case .plain:
            imageAugmentation.plain(thumbnail, into: pixels)
          case .augmented(let epoch, let number):
            var generator = Purpose.imageView.generator(seed: seed, epoch, Int(pair), number)
            imageAugmentation.augmented(thumbnail, into: pixels, using: &generator)
          }
        }
      }
    }
    return images
  }

  private func tokens(of pairs: [Int32], _ kind: ViewKind) -> [Int32] {
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
