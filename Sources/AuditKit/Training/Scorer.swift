import AuditEncoders
import NeuralKit
import Synchronization

/// Scores pairs as they are: cosine similarities of true pairs, and of shuffled ones.
package struct Scorer: Sendable {
  package let model: CLIPModel
  package let weights: ModelWeights
  package let views: ViewSource
  package let replicas: ReplicaGroup
  package let backend: any Backend
  package let seed: UInt64

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
    /// cos(z_i, w_i) in the order of the pairs asked for.
    package var similarities: [Float]
    /// cos(z_i, w_j) with the caption of another pair of the crawl in place of each own.
    package var shuffled: [Float]
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
      similarities: [Float](repeating: 0, count: pairs.count),
      shuffled: [Float](repeating: 0, count: pairs.count))
    for first in stride(from: 0, to: blockCount, by: replicas.count) {
      if stop() { return nil }
      let results = Mutex<[Int: (own: [Float], shuffled: [Float])]>([:])
      replicas.run { communicator in
        let block = first + communicator.rank
        guard block < blockCount else { return }
        let places = Self.places(of: block, in: order)
        let cosines = self.cosines(of: places.map { pairs[Int($0)] })
        results.withLock { $0[block] = cosines }
      }
      for (block, cosines) in results.withLock({ $0 }) {
        for (index, place) in Self.places(of: block, in: order).enumerated() {
          scores.similarities[Int(place)] = cosines.own[index]
          scores.shuffled[Int(place)] = cosines.shuffled[index]
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

  /// Cosines of one block: with the own caption, and with that of the pair half a block further.
  private func cosines(of pairs: [Int32]) -> (own: [Float], shuffled: [Float]) {
    let (images, captions) = embeddings(of: pairs)
    let shift = max(1, pairs.count / 2)
    let own = pairs.indices.map { dot(images, $0, captions, $0) }
    let shuffled = pairs.indices.map { dot(images, $0, captions, ($0 + shift) % pairs.count) }
    return (own, shuffled)
  }

  /// Embeds the first `count` pairs block by block on all cores, and gives the blocks in order to `body`
  /// with the number of their first pair.
  ///
  /// - Returns: Whether it came to the end; false where `stop` was asked for.
  package func embedBlocks(
    _ count: Int, stop: () -> Bool,
    _ body: (_ start: Int, _ images: Tensor, _ captions: Tensor) throws -> Void
  ) rethrows -> Bool {
    for first in stride(from: 0, to: count, by: Self.blockSize * replicas.count) {
      if stop() { return false }
      let blocks = Mutex<[Int: (images: Tensor, captions: Tensor)]>([:])
      replicas.run { communicator in
        let start = first + communicator.rank * Self.blockSize
        guard start < count else { return }
        let pairs = Int32(start)..<Int32(min(count, start + Self.blockSize))
        let embeddings = self.embeddings(of: Array(pairs))
        blocks.withLock { $0[start] = embeddings }
      }
      for (start, block) in blocks.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
        try body(start, block.images, block.captions)
      }
    }
    return true
  }

  /// Unit embeddings of the first `count` pairs, at least one, both `[count, D]`, all held in memory; nil
  /// where `stop` was asked for.
  package func embeddings(
    count: Int, stop: () -> Bool
  ) -> (images: Tensor, captions: Tensor)? {
    var images: [Float] = []
    var captions: [Float] = []
    let isWhole = embedBlocks(count, stop: stop) { _, block, texts in
      images += block.scalars
      captions += texts.scalars
    }
    guard isWhole else { return nil }
    let shape = [count, images.count / count]
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
  package func embeddings(of pairs: [Int32]) -> (images: Tensor, captions: Tensor) {
    let execution = Execution(backend: backend, weights: weights, mode: .evaluation)
    let view = views.view(of: pairs, .plain)
    return (
      model.encodeImages(view.images, execution).embeddings,
      model.encodeTexts(view.tokens, execution).embeddings
    )
  }

  private func dot(_ a: Tensor, _ row: Int, _ b: Tensor, _ other: Int) -> Float {
    let value = backend.innerProduct(a.rows(row..<row + 1), b.rows(other..<other + 1))
    return Float(min(1, max(-1, value)))
  }
}
