import NeuralKit

/// Which pairs each step of an epoch sees, fixed by seed and epoch.
package struct EpochOrder: Sendable {
  /// The steps in order.
  ///
  /// A step's `safe` part goes through the CLIP loss, its `risky` part through the unimodal loss.
  /// Either may be empty, not both.
  package let steps: [Step]

  package struct Step: Sendable, Equatable {
    package var safe: [Int32] = []
    package var risky: [Int32] = []

    package var pairCount: Int { safe.count + risky.count }
  }

  /// All pairs that `isLearned` holds for through the CLIP loss.
  package static func clip(
    isLearned: (Int32) -> Bool, pairCount: Int, batchSize: Int, seed: UInt64, epoch: Int
  ) -> EpochOrder {
    var generator = Purpose.order.generator(seed: seed, epoch)
    let batches = Self.batches(
      generator.permutation(pairCount).filter(isLearned), size: batchSize)
    return EpochOrder(steps: batches.map { Step(safe: $0) })
  }

  /// The pairs that `isTrusted` holds for through both losses.
  package static func cleaning(
    isTrusted: (Int32) -> Bool, pairCount: Int, batchSize: Int, seed: UInt64, epoch: Int
  ) -> EpochOrder {
    let learned = clip(
      isLearned: isTrusted, pairCount: pairCount, batchSize: batchSize, seed: seed, epoch: epoch)
    return EpochOrder(steps: learned.steps.map { Step(safe: $0.safe, risky: $0.safe) })
  }

  /// All pairs through the unimodal loss.
  package static func unimodal(pairCount: Int, batchSize: Int, seed: UInt64, epoch: Int)
    -> EpochOrder
  {
    var generator = Purpose.order.generator(seed: seed, epoch)
    let batches = Self.batches(generator.permutation(pairCount), size: batchSize)
    return EpochOrder(steps: batches.map { Step(risky: $0) })
  }

  /// Every safe pair once through the CLIP loss and every risky pair once through the unimodal loss.
  ///
  /// The paper's equation 4 is one joint loss. Full batches of the smaller set are spread evenly over
  /// the steps of the larger one: a contrastive loss over a handful of pairs would have no negatives.
  package static func mixed(
    isSafe: (Int32) -> Bool, pairCount: Int, batchSize: Int, riskyUnimodal: Bool, seed: UInt64,
    epoch: Int
  ) -> EpochOrder {
    var generator = Purpose.order.generator(seed: seed, epoch)
    let order = generator.permutation(pairCount)
    let safe = batches(order.filter(isSafe), size: batchSize)
    let risky = riskyUnimodal ? batches(order.filter { !isSafe($0) }, size: batchSize) : []
    let count = max(safe.count, risky.count)
    var steps = [Step](repeating: Step(), count: count)
    for (index, batch) in safe.enumerated() { steps[index * count / safe.count].safe = batch }
    for (index, batch) in risky.enumerated() { steps[index * count / risky.count].risky = batch }
    return EpochOrder(steps: steps)
  }

  /// Cuts `order` into batches of `size`; a rest smaller than half of that joins the last batch, since
  /// its loss would have few negatives and its batch statistics few rows.
  static func batches(_ order: [Int32], size: Int) -> [[Int32]] {
    guard !order.isEmpty else { return [] }
    let count = max(1, (order.count + size / 2) / size)
    return (0..<count).map { index in
      let start = index * size
      return Array(order[start..<(index == count - 1 ? order.count : start + size)])
    }
  }
}
