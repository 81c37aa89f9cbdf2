import AuditSettings
import Testing

struct SpellingTests {
  @Test(arguments: [
    ("", "abc", 3), ("abc", "", 3), ("", "", 0), ("kitten", "sitting", 3), ("A", "a", 0),
    ("bacth", "batch", 1), ("ca", "abc", 3),
  ])
  func aDistanceIsTheRestrictedDamerauDistance(
    _ first: String, _ second: String, _ distance: Int
  ) {
    #expect(Spelling.distance(first, second) == distance)
    #expect(Spelling.distance(second, first) == distance)
  }

  private static let names = [
    "seed", "training.batchSize", "training.learningRateWarmUpSteps", "training.learningRate",
    "images.maximumPixels",
  ]

  @Test(arguments: [
    ("sed", "seed"), ("SEED", "seed"), ("batchSize", "training.batchSize"),
    ("traning.batchSize", "training.batchSize"), ("training.bacthsize", "training.batchSize"),
    ("maxPixels", "images.maximumPixels"), ("batch", "training.batchSize"),
    ("learningRat", "training.learningRate"), ("seedling", "seed"),
  ])
  func aSlipOrAnAbbreviationIsNearWhatWasMeant(_ typed: String, _ meant: String) {
    #expect(Spelling.nearest(to: typed, among: Self.names) == meant)
  }

  @Test(arguments: ["zzzzzzzz", "", "temperature"])
  func aNameLikeNoOtherHasNoneNear(_ typed: String) {
    #expect(Spelling.nearest(to: typed, among: Self.names) == nil)
  }

  @Test func ofEquallyNearNamesTheFirstIsTaken() {
    #expect(Spelling.nearest(to: "widt", among: ["widta", "widtb"]) == "widta")
    #expect(Spelling.nearest(to: "a", among: []) == nil)
  }
}
