import AuditDump
import NeuralKit

/// Some pairs of a stream, each as likely as any other (Vitter, 1985, algorithm R).
package struct PairSample {
  private var drawn: [(place: Int, pair: Pair)] = []
  private var seen = 0
  private let size: Int
  private var generator: SeededGenerator

  /// A sample of at most `size` pairs.
  package init(size: Int, seed: UInt64) {
    self.size = size
    generator = SeededGenerator(seed: seed, 0x1A5B)
  }

  /// Takes or leaves the next pair of the stream.
  package mutating func offer(_ pair: Pair) {
    defer { seen += 1 }
    guard size > 0 else { return }
    if drawn.count < size {
      drawn.append((seen, pair))
      return
    }
    let place = generator.index(below: seen + 1)
    if place < size { drawn[place] = (seen, pair) }
  }

  /// In the crawl's order, so that shards are read from front to back.
  package var pairs: [Pair] { drawn.sorted { $0.place < $1.place }.map(\.pair) }
}
