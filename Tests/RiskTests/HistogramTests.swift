import AuditRisk
import Foundation
import NeuralKit
import Testing

@Suite struct HistogramTests {
  @Test func everyFiniteValueIsInTheBinWhoseRangeHoldsIt() {
    var generator = SeededGenerator(seed: 61)
    let values = (0..<1_000).map { _ in generator.uniform(in: -1..<1) }
    let histogram = Histogram(values + [.nan, .infinity, -2, 2], binCount: 37)
    #expect(histogram.total == 1_002)
    #expect(histogram.nonFiniteCount == 2)
    for bin in 0..<37 {
      let center = histogram.center(of: bin)
      let inside = values.count { abs(Double($0) - center) < histogram.binWidth / 2 }
      let clamped = bin == 0 || bin == 36 ? 1 : 0
      #expect(Int(histogram.counts[bin]) == inside + clamped)
    }
  }

  @Test(arguments: [1, 3, 17, 999])
  func partsAddUpToTheWhole(cut: Int) {
    var generator = SeededGenerator(seed: 62)
    let values = normals(1_000, mean: 0.2, deviation: 0.1, using: &generator) + [.nan]
    var sum = Histogram(Array(values[..<cut]))
    sum += Histogram(Array(values[cut...]))
    #expect(sum == Histogram(values))
  }

  @Test func histogramOfMembersCountsOnlyThem() {
    let values: [Float] = [0.1, 0.2, 0.3, 0.4]
    let histogram = Histogram(values, members: BitSet(count: 4, members: [1, 3]))
    #expect(histogram == Histogram([0.2, 0.4]))
  }

  @Test func histogramWithoutSomeCountsAllOthers() {
    let values: [Float] = [0.1, 0.2, 0.3, 0.4]
    let some = BitSet(count: 4, members: [1, 3])
    #expect(Histogram(values, excluding: some) == Histogram([0.1, 0.3]))
    #expect(Histogram(values, excluding: nil) == Histogram(values))
  }

  @Test(arguments: [1, 2, 64, 1_000])
  func condensingKeepsTheCountsAndTheRange(bins: Int) {
    var generator = SeededGenerator(seed: 63)
    let histogram = Histogram(normals(5_000, mean: 0.2, deviation: 0.05, using: &generator))
    let condensed = histogram.condensed(to: bins)
    #expect(condensed.total == 5_000)
    #expect(condensed.counts.count <= bins)
    for value in [0.1, 0.2, 0.3] where bins == 1_000 {
      #expect(abs(condensed.center(of: condensed.bin(of: value)) - value) < condensed.binWidth)
    }
    #expect(Histogram().condensed(to: bins).total == 0)
  }
}
