import AuditEvaluation
import AuditRisk
import NeuralKit
import Testing

@Suite struct RetrievalTests {
  /// Recall where image i and caption j have the cosine `similarities[i][j]`.
  private static func recall(_ similarities: [[Float]], k: Int) -> IntervalEstimate? {
    let count = similarities.count
    let captions = (0..<count).flatMap { row in (0..<count).map { $0 == row ? Float(1) : 0 } }
    return Retrieval(
      images: Tensor(similarities.flatMap { $0 }, shape: [count, count]),
      captions: Tensor(captions, shape: [count, count]), CPUBackend()
    ).recall(k: k)
  }

  @Test(
    "an image is found where fewer than k captions are nearer than its own, with Wilson's interval",
    arguments: [(1, 1), (2, 2), (3, 3), (4, 4)])
  func counts(k: Int, found: Int) {
    // The own caption is first, second, third and last.
    let similarities: [[Float]] = [
      [0.9, 0.1, 0.2, 0.3], [0.5, 0.4, 0.1, -0.2], [0.6, 0.7, 0.5, 0.1], [0.3, 0.2, 0.1, 0],
    ]
    #expect(Self.recall(similarities, k: k) == IntervalEstimate(successes: found, trials: 4))
  }

  @Test(
    "captions as near as the own one count half, so that a model that knows nothing finds nothing")
  func ties() {
    let similarities = [[Float]](repeating: [0.5, 0.5, 0.5], count: 3)
    #expect(Self.recall(similarities, k: 1)?.value == 0)
    #expect(Self.recall(similarities, k: 2)?.value == 1)
    let pair: [[Float]] = [[0.5, 0.5], [0.1, 0.5]]
    #expect(Self.recall(pair, k: 1)?.value == 1)
  }

  @Test("images beyond the first block are compared with their own captions")
  func blocks() {
    let count = 600
    func shifted(by shift: Int) -> [[Float]] {
      (0..<count).map { row in
        (0..<count).map { $0 == (row + shift) % count ? Float(1) : 0 }
      }
    }
    #expect(
      Self.recall(shifted(by: 0), k: 1) == IntervalEstimate(successes: count, trials: count))
    #expect(Self.recall(shifted(by: 1), k: 1) == IntervalEstimate(successes: 0, trials: count))
  }

  @Test("without an image there is no recall")
  func nothing() {
    let none = Tensor([], shape: [0, 4])
    #expect(Retrieval(images: none, captions: none, CPUBackend()).recall(k: 10) == nil)
  }
}
