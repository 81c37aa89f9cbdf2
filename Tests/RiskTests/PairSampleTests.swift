import AuditRisk
import NeuralKit
import Testing

@Suite struct PairSampleTests {
  /// Matching pairs around 0.6, unrelated ones around 0, a tenth of the pairs among them.
  private static func sample(count: Int, seed: UInt64) -> PairSample {
    var generator = SeededGenerator(seed: seed)
    return PairSample(
      pairs: (0..<Int32(count)).map { 3 * $0 },
      similarities: (0..<count).map { index in
        (index % 10 == 0 ? 0 : 0.6) + 0.1 * generator.normal()
      },
      shuffled: (0..<count).map { _ in 0.1 * generator.normal() })
  }

  @Test("the crawl's mismatch rate lies in the interval, and the safe set's is lower")
  func rates() {
    let sample = Self.sample(count: 2_000, seed: 1)
    let crawl = sample.mismatchRate(seed: 2).rate
    #expect(crawl.lower <= 0.1 && 0.1 <= crawl.upper)
    #expect(abs(crawl.value - 0.1) < 0.03)
    // The more similar half of a crawl of which the sample is every third pair.
    var members = BitSet(count: 6_000)
    let order = sample.similarities.indices.sorted {
      sample.similarities[$0] > sample.similarities[$1]
    }
    for index in order.prefix(1_000) { members[Int(sample.pairs[index])] = true }
    let safe = sample.mismatchRate(of: members, seed: 2).rate
    #expect(safe.value < 0.01)
    #expect(safe.lower <= safe.value && safe.value <= safe.upper)
  }

  @Test("a safe set that holds no pair of the sample is unknown, not clean")
  func unknown() {
    let sample = Self.sample(count: 200, seed: 3)
    let rate = sample.mismatchRate(of: BitSet(count: 600, members: [1, 2]), seed: 4).rate
    #expect(rate.value == 1 && rate.lower == 0 && rate.upper == 1)
  }

  @Test("alignment is that of its true and shuffled pairs")
  func alignment() {
    let sample = Self.sample(count: 500, seed: 5)
    #expect(
      sample.alignment
        == Alignment.measure(truePairs: sample.similarities, shuffledPairs: sample.shuffled))
    #expect(sample.alignment.value > 0.9)
  }
}
