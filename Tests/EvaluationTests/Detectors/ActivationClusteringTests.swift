import AuditEvaluation
import Foundation
import NeuralKit
import TestSupport
import Testing

@Suite struct ActivationClusteringTests {
  /// 28 rows round the diagonal, every fourth from the second on round another one.
  private static let rows: Tensor = {
    let waves = UnitRows.waves(28, 12, phase: 0.2).scalars.map { Double($0) }
    let length = 12.0.squareRoot()
    var rows: [[Double]] = []
    for row in 0..<28 {
      rows.append(
        (0..<12).map { column in
          let sign = row % 4 == 1 && column % 2 == 1 ? -1.0 : 1.0
          return 0.35 * waves[row * 12 + column] + sign / length
        })
    }
    return UnitRows.unit(rows)
  }()

  /// scikit-learn 1.9.1: PCA(10, svd_solver="full"), KMeans(2, n_init=50), then the formula in
  /// numpy 2.4.6 from the distances to the centres.
  private static let golden = [
    0.3078221, 0.6961938, 0.3111498, 0.3134712, 0.3048918, 0.6771623, 0.2818681,
    0.3088533, 0.3151259, 0.6896438, 0.3069928, 0.3041273, 0.3135656, 0.6935587,
    0.3138530, 0.3127284, 0.3073269, 0.6946206, 0.3037480, 0.3094328, 0.2895864,
    0.7043694, 0.3166557, 0.3073127, 0.3064847, 0.6903226, 0.3079408, 0.2716241,
  ]

  @Test("risks follow from the clusters that scikit-learn finds", arguments: [0, 1, 2] as [UInt64])
  func golden(seed: UInt64) {
    let pairs = PairEmbeddings(images: Self.rows, captions: Self.rows)
    let found = ActivationClustering(seed: seed).risks(pairs, ReferenceBackend())
    #expect(UnitRows.distance(found, Self.golden) < 1e-4)
  }

  @Test("a class is clustered without regard to the others")
  func classes() {
    let pairs = PairEmbeddings(
      images: UnitRows.stacked(UnitRows.waves(17, 12, phase: 2), Self.rows),
      captions: UnitRows.stacked(UnitRows.waves(17, 12), Self.rows),
      classes: [Int?](repeating: 3, count: 17) + [Int?](repeating: nil, count: 28))
    let found = ActivationClustering().risks(pairs, ReferenceBackend())
    let alone = PairEmbeddings(images: Self.rows, captions: Self.rows)
    #expect(Array(found[17...]) == ActivationClustering().risks(alone, ReferenceBackend()))
  }

  @Test("the members of a planted cluster come before all others", arguments: [3, 10, 30])
  func planted(members: Int) {
    var generator = SeededGenerator(seed: 81)
    let rows =
      UnitRows.random(
        100 - members, 32, center: UnitRows.axis(0, 32), spread: 0.5, using: &generator)
      + UnitRows.random(members, 32, center: UnitRows.axis(1, 32), spread: 0.5, using: &generator)
    let images = UnitRows.unit(rows)
    let pairs = PairEmbeddings(images: images, captions: images)
    let risks = ActivationClustering().risks(pairs, CPUBackend())
    #expect(risks[..<(100 - members)].allSatisfy { $0 < 0.5 })
    #expect(risks[(100 - members)...].allSatisfy { $0 > 0.5 })
    // Nor are there ties to break.
    #expect(Set(risks).count == 100)
  }

  @Test("equal images, and a class of one, form one cluster and have risk 0")
  func degenerate() {
    let images = UnitRows.gathered(Self.rows, [4, 4, 4, 9])
    let pairs = PairEmbeddings(images: images, captions: images, classes: [1, 1, 1, 2])
    #expect(ActivationClustering().risks(pairs, CPUBackend()) == [0, 0, 0, 0])
  }

  @Test("two different images are two equal clusters")
  func two() {
    let images = UnitRows.gathered(Self.rows, [4, 9])
    let pairs = PairEmbeddings(images: images, captions: images)
    #expect(ActivationClustering().risks(pairs, CPUBackend()) == [0.5, 0.5])
  }

  @Test("two clusters on a line are cut where the squares are least")
  func line() throws {
    var generator = SeededGenerator(seed: 82)
    let points = [0.0, 1, 2, 10, 11]
    let found = try #require(TwoMeans.fit(points, width: 1, starts: 10, using: &generator))
    #expect(abs(found.inertia - 2.5) < 1e-12)
    #expect(Set(found.isInSecond[..<3]).count == 1 && Set(found.isInSecond[3...]).count == 1)
    #expect(found.isInSecond[0] != found.isInSecond[4])
    // Centres at 1 and 10.5.
    let margins = [1 - 1 / 10.5, 1, 1 - 1 / 8.5, 1 - 0.5 / 9, 1 - 0.5 / 10]
    #expect(UnitRows.distance(found.margins, margins) < 1e-12)
    #expect(TwoMeans.fit([2, 2, 2], width: 1, starts: 3, using: &generator) == nil)
    #expect(TwoMeans.fit([], width: 2, starts: 3, using: &generator) == nil)
  }
}
