import AuditTraining
import Testing

@Suite struct EpochOrderTests {
  /// Crawls of odd sizes, and batches larger than they are.
  static let sizes = [(1, 4), (3, 2), (17, 4), (17, 64), (128, 16), (1001, 32)]

  @Test("every pair comes exactly once in an epoch of one loss", arguments: sizes)
  func completeness(pairCount: Int, batchSize: Int) {
    let all = Array(0..<Int32(pairCount))
    let clip = EpochOrder.clip(
      isLearned: { _ in true }, pairCount: pairCount, batchSize: batchSize, seed: 1, epoch: 2)
    #expect(clip.steps.flatMap(\.safe).sorted() == all)
    #expect(clip.steps.allSatisfy { $0.risky.isEmpty })
    let unimodal = EpochOrder.unimodal(
      pairCount: pairCount, batchSize: batchSize, seed: 1, epoch: 2)
    #expect(unimodal.steps.flatMap(\.risky).sorted() == all)
    #expect(unimodal.steps.allSatisfy { $0.safe.isEmpty })
  }

  @Test("an epoch of the CLIP loss leaves out pairs that are not to be learned", arguments: sizes)
  func leftOut(pairCount: Int, batchSize: Int) {
    let clip = EpochOrder.clip(
      isLearned: { $0 % 3 != 1 }, pairCount: pairCount, batchSize: batchSize, seed: 1, epoch: 2)
    let all = Array(0..<Int32(pairCount))
    #expect(clip.steps.flatMap(\.safe).sorted() == all.filter { $0 % 3 != 1 })
    #expect(clip.steps.allSatisfy { !$0.safe.isEmpty && $0.risky.isEmpty })
  }

  @Test(
    "a mixed epoch has every safe and every risky pair once, each in its part", arguments: sizes)
  func mixedCompleteness(pairCount: Int, batchSize: Int) {
    for divisor in [1, 2, 5, 2000] as [Int32] {
      let order = mixed(pairCount: pairCount, batchSize: batchSize) { $0 % divisor == 0 }
      let all = Array(0..<Int32(pairCount))
      #expect(order.steps.flatMap(\.safe).sorted() == all.filter { $0 % divisor == 0 })
      #expect(order.steps.flatMap(\.risky).sorted() == all.filter { $0 % divisor != 0 })
      #expect(order.steps.allSatisfy { $0.pairCount > 0 })
    }
  }

  @Test("without the unimodal loss a mixed epoch leaves the risky pairs out")
  func withoutRisky() {
    let order = EpochOrder.mixed(
      isSafe: { $0 < 40 }, pairCount: 100, batchSize: 8, riskyUnimodal: false, seed: 1, epoch: 0)
    #expect(order.steps.flatMap(\.safe).sorted() == Array(0..<40))
    #expect(order.steps.allSatisfy { $0.risky.isEmpty })
  }

  @Test("full batches of the smaller set are spread evenly over the steps of the larger one")
  func spreading() {
    // 64 safe pairs are 4 batches, 320 risky ones 20: every fifth step has both.
    let order = mixed(pairCount: 384, batchSize: 16) { $0 < 64 }
    #expect(order.steps.count == 20)
    #expect(order.steps.indices.filter { !order.steps[$0].safe.isEmpty } == [0, 5, 10, 15])
    #expect(order.steps.allSatisfy { $0.risky.count == 16 })
    // The other way round as well.
    let mostlySafe = mixed(pairCount: 384, batchSize: 16) { $0 >= 64 }
    #expect(
      mostlySafe.steps.indices.filter { !mostlySafe.steps[$0].risky.isEmpty } == [0, 5, 10, 15])
    #expect(mostlySafe.steps.allSatisfy { $0.safe.count == 16 })
  }

  @Test(
    "a rest below half a batch joins the last batch, a larger one is a batch of its own",
    arguments: [
      (35, 16, [16, 19]), (39, 16, [16, 23]), (40, 16, [16, 16, 8]), (47, 16, [16, 16, 15]),
      (48, 16, [16, 16, 16]), (7, 16, [7]), (1, 16, [1]), (23, 16, [23]),
    ])
  func rests(pairCount: Int, batchSize: Int, expected: [Int]) {
    let order = EpochOrder.clip(
      isLearned: { _ in true }, pairCount: pairCount, batchSize: batchSize, seed: 3, epoch: 0)
    #expect(order.steps.map(\.pairCount) == expected)
  }

  @Test("cleaning takes every trusted pair through both losses, and no other", arguments: sizes)
  func cleaning(pairCount: Int, batchSize: Int) {
    let order = EpochOrder.cleaning(
      isTrusted: { $0 % 2 == 0 }, pairCount: pairCount, batchSize: batchSize, seed: 1, epoch: 2)
    let trusted = (0..<Int32(pairCount)).filter { $0 % 2 == 0 }
    #expect(order.steps.flatMap(\.safe).sorted() == trusted)
    #expect(order.steps.allSatisfy { $0.safe == $0.risky })
  }

  @Test("an empty crawl has no steps")
  func empty() {
    let clip = EpochOrder.clip(
      isLearned: { _ in true }, pairCount: 0, batchSize: 4, seed: 1, epoch: 0)
    #expect(clip.steps.isEmpty)
    #expect(mixed(pairCount: 0, batchSize: 4) { _ in true }.steps.isEmpty)
  }

  @Test("seed and epoch fix the order, and each of them changes it")
  func determinism() {
    func steps(seed: UInt64, epoch: Int) -> [EpochOrder.Step] {
      EpochOrder.mixed(
        isSafe: { $0 % 3 == 0 }, pairCount: 200, batchSize: 16, riskyUnimodal: true, seed: seed,
        epoch: epoch
      ).steps
    }
    #expect(steps(seed: 5, epoch: 1) == steps(seed: 5, epoch: 1))
    #expect(steps(seed: 5, epoch: 1) != steps(seed: 5, epoch: 2))
    #expect(steps(seed: 5, epoch: 1) != steps(seed: 6, epoch: 1))
  }

  private func mixed(
    pairCount: Int, batchSize: Int, _ isSafe: (Int32) -> Bool
  ) -> EpochOrder {
    .mixed(
      isSafe: isSafe, pairCount: pairCount, batchSize: batchSize, riskyUnimodal: true, seed: 1,
      epoch: 4)
  }
}
