import AuditRisk
import NeuralKit
import Testing

@Suite struct RankingScoresTests {
  /// A worked example without ties: positives at ranks 1, 3 and 6 of 8.
  static let worked = RankingScores(
    scores: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2],
    isPositive: [true, false, true, false, false, true, false, false])

  @Test func measuresEqualTheWorkedExample() {
    #expect(Self.worked.areaUnderROC == (5 + 4 + 2) / 15.0)
    #expect(abs((Self.worked.averagePrecision ?? 0) - (1 + 2 / 3.0 + 3 / 6.0) / 3) < 1e-12)
    #expect(Self.worked.recall(topShare: 0.5) == 2 / 3.0)
    #expect(Self.worked.recall(topShare: 0.01) == 1 / 3.0)
    #expect(Self.worked.precision(at: 3) == 2 / 3.0)
    #expect(Self.worked.precision(at: 100) == 3 / 8.0)
  }

  @Test(arguments: [3, 17, 200])
  func areaCountsWonComparisons(count: Int) {
    var generator = SeededGenerator(seed: 91, UInt64(count))
    let scores = (0..<count).map { _ in Double(generator.index(below: 7)) }
    let labels = (0..<count).map { $0 == 0 || ($0 != 1 && generator.flip(0.3)) }
    var (won, comparisons) = (0.0, 0.0)
    for left in 0..<count where labels[left] {
      for right in 0..<count where !labels[right] {
        won += scores[left] > scores[right] ? 1 : (scores[left] == scores[right] ? 0.5 : 0)
        comparisons += 1
      }
    }
    let area = RankingScores(scores: scores, isPositive: labels).areaUnderROC
    #expect(abs((area ?? -1) - won / comparisons) < 1e-12)
  }

  @Test func tiesGiveTheExpectationOverRandomOrders() {
    let tied = RankingScores(
      scores: [1, 1, 1, 1], isPositive: [true, false, false, false])
    #expect(tied.areaUnderROC == 0.5)
    #expect(tied.precision(at: 1) == 0.25)
    #expect(tied.recall(topShare: 0.5) == 0.5)
    #expect(tied.averagePrecision == 0.25)
  }

  @Test func orderOfTheItemsDoesNotMatter() {
    var generator = SeededGenerator(seed: 92)
    let scores = (0..<300).map { _ in Double(generator.index(below: 40)) }
    let labels = (0..<300).map { _ in generator.flip(0.2) }
    let order = generator.permutation(300).map(Int.init)
    let first = RankingScores(scores: scores, isPositive: labels)
    let second = RankingScores(
      scores: order.map { scores[$0] }, isPositive: order.map { labels[$0] })
    #expect(first.areaUnderROC == second.areaUnderROC)
    #expect(first.averagePrecision == second.averagePrecision)
    #expect(first.recall(topShare: 0.1) == second.recall(topShare: 0.1))
  }

  @Test func missingScoresComeLast() {
    let scores = RankingScores(
      scores: [.nan, 0.1, .nan, 0.2], isPositive: [true, false, false, true])
    #expect(scores.precision(at: 2) == 0.5)
    #expect(scores.areaUnderROC == (2 + 0.5) / 4)
  }

  @Test func nothingToFindHasNoMeasure() {
    let none = RankingScores(scores: [1, 2], isPositive: [false, false])
    #expect(none.areaUnderROC == nil && none.averagePrecision == nil)
    #expect(none.recall(topShare: 0.5) == nil)
    #expect(none.precision(at: 1) == 0)
    #expect(RankingScores(scores: [], isPositive: []).precision(at: 1) == nil)
    #expect(RankingScores(scores: [1], isPositive: [true]).areaUnderROC == nil)
  }
}
