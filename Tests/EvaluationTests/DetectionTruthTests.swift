import AuditEvaluation
import Testing

@Suite("Which pairs are poisoned")
struct DetectionTruthTests {
  @Test("clusters come in the order of their first pairs, whatever their numbers")
  func clusters() {
    let truth = DetectionTruth(clusters: [nil, 7, nil, -2, 7, 3, -2])
    #expect(truth.clusters == [[1, 4], [3, 6], [5]])
    #expect(truth.isPoisoned == [false, true, false, true, true, true, true])
    #expect(truth.pairCount == 7 && truth.poisonedCount == 5)
    #expect(truth == DetectionTruth(clusters: [nil, 0, nil, 1, 0, 2, 1]))
  }

  @Test("without clusters every poisoned pair is one")
  func singletons() {
    let truth = DetectionTruth(isPoisoned: [true, false, false, true])
    #expect(truth.clusters == [[0], [3]])
    #expect(truth == DetectionTruth(pairCount: 4, poisoned: [3, 0]))
  }

  @Test("a crawl can be empty or clean")
  func nothing() {
    #expect(DetectionTruth(isPoisoned: []).pairCount == 0)
    #expect(DetectionTruth(pairCount: 3, poisoned: []).clusters.isEmpty)
  }
}
