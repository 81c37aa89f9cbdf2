import AuditEncoders
import AuditRisk
import NeuralKit
import Synchronization

/// Scores pairs as they are: similarities of true pairs, and of shuffled ones.
///
/// The similarity is the cosine of image and caption, and, with a neighbourhood, in part what pairs around them say:
///
///     similarity(i, j) = (1 - a - b) zᵢ · wⱼ + a captionAgreement(i, j) + b imageAgreement(i, j)
package struct Scorer: Sendable {
  package let model: CLIPModel
  package let weights: ModelWeights
  package let views: ViewSource
  package let replicas: ReplicaGroup
  package let backend: any Backend
  package let seed: UInt64
  /// Through whose captions and images pairs are seen as well, and which of its rows each pair is, `[pairCount]` with -1 for
  /// none; nil sees pairs by their own embeddings only.
  package var neighbourhood: (pairs: PairNeighbourhood, rows: [Int32])?
  /// How much the captions of the nearest images count, `a`.
  package var nearestImagesWeight: Float = 0
  /// How much the images of the nearest captions count, `b`.
  package var nearestCaptionsWeight: Float = 0
  /// Embeddings of all pairs, both `[pairCount, D]`, where they are known and need not be computed again.
  package var known: (images: Tensor, captions: Tensor)?

  package init(
    model: CLIPModel, weights: ModelWeights, views: ViewSource, replicas: ReplicaGroup,
    backend: any Backend, seed: UInt64
  ) {
    self.model = model
    self.weights = weights
    self.views = views
    self.replicas = replicas
    self.backend = backend
    self.seed = seed
  }

  /// Pairs in one block; shuffled captions come from the same block.
  package static let blockSize = 256

  package struct Scores: Sendable {
    /// cos(z_i, w_i), in the order of the pairs asked for.
    package var cosines: [Float]
    /// Of each image with its caption, in the order of the pairs asked for.
    package var similarities: [Float]
    /// With the caption of another pair of the crawl in place of each own.
    package var shuffled: [Float]
    /// cos(z_i, w_j) of the same.
    package var shuffledCosines: [Float]

    /// The cosines in the order of the similarities: what pairs are ranked by, in numbers that two Gaussians fit.
    ///
    /// The same as the similarities where no neighbours have a say.
    package var placed: [Float] { Placement.values(cosines, by: similarities) }

    /// Whether all embeddings are numbers; where training has diverged they are not.
    package var areNumbers: Bool { cosines.allSatisfy(\.isFinite) }
  }

  /// Scores `pairs`.
  ///
  /// Blocks are cut from a fixed random order, so shuffled captions are random ones.
  package func scores(
    of pairs: [Int32], stop: () -> Bool = { false }, onBlocks: (_ done: Int, _ of: Int) -> Void
  ) -> Scores? {
    var generator = Purpose.alignmentOrder.generator(seed: seed)
    let order = generator.permutation(pairs.count)
    let blockCount = Self.blockCount(pairs.count)
    var scores = Scores(
      cosines: [Float](repeating: 0, count: pairs.count),
      similarities: [Float](repeating: 0, count: pairs.count),
      shuffled: [Float](repeating: 0, count: pairs.count),
      shuffledCosines: [Float](repeating: 0, count: pairs.count))
    for first in stride(from: 0, to: blockCount, by: replicas.count) {
      if stop() { return nil }
      let results = Mutex<[Int: Scores]>([:])
      replicas.run { communicator in
        let block = first + communicator.rank
        guard block < blockCount else { return }
        let places = Self.places(of: block, in: order)
        let found = self.similarities(of: places.map { pairs[Int($0)] })
        results.withLock { $0[block] = found }
      }
      for (block, found) in results.withLock({ $0 }) {
        for (index, place) in Self.places(of: block, in: order).enumerated() {
          scores.cosines[Int(place)] = found.cosines[index]
          scores.similarities[Int(place)] = found.similarities[index]
          scores.shuffled[Int(place)] = found.shuffled[index]
          scores.shuffledCosines[Int(place)] = found.shuffledCosines[index]
        }
      }
      onBlocks(min(blockCount, first + replicas.count), blockCount)
    }
    return scores
  }

  /// A pair left over joins the block before: it would be shuffled with itself.
  private static func blockCount(_ pairs: Int) -> Int {
    min(pairs, max(1, (pairs + blockSize - 2) / blockSize))
  }

  private static func places(of block: Int, in order: [Int32]) -> ArraySlice<Int32> {
    let isLast = block == blockCount(order.count) - 1
    return order[block * blockSize..<(isLast ? order.count : (block + 1) * blockSize)]
  }

  /// Similarities of one block: with the own caption, and with that of the pair half a block further.
  private func similarities(of pairs: [Int32]) -> Scores {
    let (images, captions) = blockEmbeddings(of: pairs)
    let count = pairs.count
    let shift = max(1, count / 2)
    let cosines = pairs.indices.map { dot(images, $0, captions, $0) }
    let shuffled = pairs.indices.map { dot(images, $0, captions, ($0 + shift) % count) }
    var scores = Scores(
      cosines: cosines, similarities: cosines, shuffled: shuffled, shuffledCosines: shuffled)
    if let neighbourhood {
      let agreements = neighbourhood.pairs.agreements(
        of: (images, captions), own: pairs.map { neighbourhood.rows[Int($0)] },
        shifts: [0, shift], backend)
      scores.similarities = mean(cosines, agreements[0])
      scores.shuffled = mean(shuffled, agreements[1])
    }
    return scores
  }

  private func mean(
    _ cosines: [Float], _ agreements: PairNeighbourhood.Agreements
  ) -> [Float] {
    let ownWeight = 1 - nearestImagesWeight - nearestCaptionsWeight
    return cosines.indices.map {
      ownWeight * cosines[$0] + nearestImagesWeight * agreements.ofCaptions[$0]
        + nearestCaptionsWeight * agreements.ofImages[$0]
    }
  }

  /// Embeds `pairs` block by block on all cores, and gives the blocks in order to `body` with the place of
  /// their first pair.
  ///
  /// - Returns: Whether it came to the end; false where `stop` was asked for.
  package func embedBlocks(
    _ pairs: [Int32], stop: () -> Bool,
    _ body: (_ start: Int, _ images: Tensor, _ captions: Tensor) throws -> Void
  ) rethrows -> Bool {
    for first in stride(from: 0, to: pairs.count, by: Self.blockSize * replicas.count) {
      if stop() { return false }
      let blocks = Mutex<[Int: (images: Tensor, captions: Tensor)]>([:])
      replicas.run { communicator in
        let start = first + communicator.rank * Self.blockSize
        guard start < pairs.count else { return }
        let embeddings = self.blockEmbeddings(
          of: Array(pairs[start..<min(pairs.count, start + Self.blockSize)]))
        blocks.withLock { $0[start] = embeddings }
      }
      for (start, block) in blocks.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
        try body(start, block.images, block.captions)
      }
    }
    return true
  }

  /// Unit embeddings of `pairs`, at least one, both `[pairs.count, D]`, all held in memory; nil where `stop`
  /// was asked for.
  package func embeddings(
    of pairs: [Int32], stop: () -> Bool
  ) -> (images: Tensor, captions: Tensor)? {
    var images: [Float] = []
    var captions: [Float] = []
    let isWhole = embedBlocks(pairs, stop: stop) { _, block, texts in
      images += block.scalars
      captions += texts.scalars
    }
    guard isWhole else { return nil }
    let shape = [pairs.count, images.count / pairs.count]
    return (Tensor(images, shape: shape), Tensor(captions, shape: shape))
  }

  /// Unit embeddings of the captions alone, `[pairs.count, D]`, block by block on the calling thread.
  package func captionEmbeddings(of pairs: [Int32]) -> Tensor {
    let execution = Execution(backend: backend, weights: weights, mode: .evaluation)
    var scalars: [Float] = []
    for start in stride(from: 0, to: pairs.count, by: Self.blockSize) {
      let block = Array(pairs[start..<min(pairs.count, start + Self.blockSize)])
      scalars += model.encodeTexts(views.tokens(of: block, .plain), execution).embeddings.scalars
    }
    return Tensor(scalars, shape: [pairs.count, model.configuration.embeddingWidth])
  }

  /// Unit embeddings of the plain pairs, both `[pairs.count, D]`, on the calling thread.
  package func blockEmbeddings(of pairs: [Int32]) -> (images: Tensor, captions: Tensor) {
    if let known {
      return (
        backend.gatherRows(known.images, pairs), backend.gatherRows(known.captions, pairs)
      )
    }
    let execution = Execution(backend: backend, weights: weights, mode: .evaluation)
    let view = views.view(of: pairs, .plain)
    return (
      model.encodeImages(view.images, execution).embeddings,
      model.encodeTexts(view.tokens, execution).embeddings
    )
  }

  private func dot(_ a: Tensor, _ row: Int, _ b: Tensor, _ other: Int) -> Float {
    let value = backend.innerProduct(a.rows(row..<row + 1), b.rows(other..<other + 1))
    // What is no number stays none: `max` would make the least similarity of it.
    guard value.isFinite else { return .nan }
    return Float(min(1, max(-1, value)))
  }
}
