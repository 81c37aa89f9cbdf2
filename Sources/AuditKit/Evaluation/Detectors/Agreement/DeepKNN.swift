import AuditRisk
import NeuralKit

/// The share of the k nearest images whose captions name another class (Peri et al., "Deep k-NN
/// Defense Against Clean-Label Data Poisoning Attacks", ECCV workshops 2020, arXiv:1909.13374).
///
/// The paper removes an image whose class is not the most frequent one among its neighbours; the
/// share grades that. Only pairs with a class vote. A pair without class, or without neighbours,
/// has 0: there is nothing for images to contradict. Poison of one kind finds itself where more
/// than k images carry it, so k should be at least twice their number.
package struct DeepKNN: EmbeddingDetector {
  /// Nearest images that vote.
  package var k: Int

  /// A detector that asks `k` neighbours.
  package init(k: Int = 16) {
    self.k = k
  }

  package func risks(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    let voters = pairs.classes.indices.filter { pairs.classes[$0] != nil }
    let images = backend.gatherRows(pairs.images, voters.map { Int32($0) })
    let neighbours = Neighbours.nearest(k, among: images, backend)
    var risks = [Double](repeating: 0, count: pairs.count)
    for (row, pair) in voters.enumerated() {
      let votes = neighbours.indices(of: row)
      guard !votes.isEmpty else { continue }
      let different = votes.count { pairs.classes[voters[Int($0)]] != pairs.classes[pair] }
      risks[pair] = Double(different) / Double(votes.count)
    }
    return risks
  }
}
