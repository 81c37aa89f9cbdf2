import AuditEvaluation
import AuditRisk
import NeuralKit
import TestSupport
import Testing

/// Golden values: a transcription of the formulas in numpy 2.4.6, k = 5, floor at a tenth of the
/// median k-distance, natural logarithm of DAO.
@Suite struct DensityTests {
  private static let rows = UnitRows.waves(30, 8)
  /// Row 3 seven times.
  private static let rowsWithCopies = UnitRows.stacked(
    rows, UnitRows.gathered(rows, [Int32](repeating: 3, count: 6)))

  private static func risks(_ detector: any EmbeddingDetector, _ rows: Tensor) -> [Double] {
    detector.risks(PairEmbeddings(images: rows, captions: rows), ReferenceBackend())
  }

  @Test("the distance to the k-th neighbour is numpy's")
  func kDistance() {
    let expected = [
      0.5395830, 1.1820659, 1.1371822, 1.2566931, 0.9593392, 1.0088582, 0.9500065, 0.6996996,
      1.1943095, 1.2774309, 0.9609085, 1.0179049, 1.0073944, 0.6888620, 0.8448061, 0.9995576,
      1.1550338, 1.0166368, 0.9502415, 1.0216346, 1.1905661, 0.5882689, 0.8818688, 1.1891115,
      0.9698433, 1.0642275, 0.8910768, 0.8448061, 0.6996996, 0.8910768,
    ]
    #expect(UnitRows.distance(Self.risks(KDistance(k: 5), Self.rows), expected) < 1e-6)
  }

  @Test("the simplified local outlier factor is numpy's")
  func simplifiedLOF() {
    let expected = [
      0.7763138, 1.3057394, 1.0440748, 1.2281832, 1.2004960, 1.0794610, 1.2569596, 1.0660265,
      1.1669440, 1.2397709, 1.0422701, 1.1229946, 1.0776046, 1.0464170, 1.2871032, 1.0118944,
      1.1515596, 1.2504598, 1.0350509, 1.0187589, 1.1990934, 0.8644053, 0.8692049, 1.1018192,
      1.0538210, 1.3536178, 0.9300875, 1.2871032, 1.0476832, 0.8803690,
    ]
    #expect(UnitRows.distance(Self.risks(SimplifiedLOF(k: 5), Self.rows), expected) < 1e-5)
  }

  @Test("the dimensionality-aware score is numpy's")
  func dimensionalityAware() {
    let expected = [
      -0.6618275, 1.5507381, 0.2168782, 0.4341405, 0.8131789, 0.1864398, 0.8729622, 0.1213950,
      0.3335759, 0.3832076, 0.0594251, 0.9221888, 0.1828336, 0.0673761, 0.5105157, 0.0432486,
      1.5027339, 1.0044691, 0.5827382, 0.0956196, 0.4381340, -0.3983576, -0.3524129, 0.6638005,
      0.0815874, 0.5929802, -0.1237067, 0.5105157, 0.0290697, -0.3187781,
    ]
    #expect(UnitRows.distance(Self.risks(DAO(k: 5), Self.rows), expected) < 1e-5)
  }

  @Test("copies count at the floor, and as a point without dimension")
  func copies() {
    let factors = Self.risks(SimplifiedLOF(k: 5), Self.rowsWithCopies)
    let scores = Self.risks(DAO(k: 5), Self.rowsWithCopies)
    for copy in [3, 30, 31, 32, 33, 34, 35] {
      #expect(factors[copy] == 1)
      #expect(scores[copy] == 0)
    }
    // Four rows near the copies, and three that hardly notice them.
    let places = [10, 17, 20, 24, 1, 7, 29]
    let expectedFactors = [
      5.3985554, 5.9364842, 5.3170477, 5.7418156, 1.3057394, 1.0660265, 0.8803690,
    ]
    let expectedScores = [
      -0.0609084, 0.0540440, 0.2346404, 0.0126198, 1.5494560, 0.1213950, -0.3188701,
    ]
    #expect(UnitRows.distance(places.map { factors[$0] }, expectedFactors) < 1e-4)
    #expect(UnitRows.distance(places.map { scores[$0] }, expectedScores) < 1e-5)
  }

  @Test("a greater floor takes weight from the copies")
  func floor() {
    let low = Self.risks(SimplifiedLOF(k: 5, floorShare: 0.01), Self.rowsWithCopies)
    let high = Self.risks(SimplifiedLOF(k: 5, floorShare: 0.5), Self.rowsWithCopies)
    #expect(low[10] > 30)
    #expect(high[10] < 2)
  }

  @Test("an image that lies apart from a cloud is riskiest", arguments: 0..<3)
  func sparse(detector: Int) {
    let detectors: [any EmbeddingDetector] = [KDistance(k: 8), SimplifiedLOF(k: 8), DAO(k: 8)]
    var generator = SeededGenerator(seed: 41)
    let center = UnitRows.axis(0, 16)
    let cloud = UnitRows.random(150, 16, center: center, spread: 0.3, using: &generator)
    let apart = UnitRows.random(1, 16, center: center, spread: 1.2, using: &generator)
    let risks = Self.risks(detectors[detector], UnitRows.unit(cloud + apart))
    #expect(risks.indices.max { risks[$0] < risks[$1] } == 150)
  }

  @Test("ratios find an outlier of a dense cloud beside a sparse one, distances do not")
  func local() {
    var generator = SeededGenerator(seed: 42)
    let (dense, wide) = (UnitRows.axis(0, 16), UnitRows.axis(1, 16))
    let rows =
      UnitRows.random(100, 16, center: dense, spread: 0.05, using: &generator)
      + UnitRows.random(100, 16, center: wide, spread: 0.8, using: &generator)
      + UnitRows.random(1, 16, center: dense, spread: 0.25, using: &generator)
    let embeddings = UnitRows.unit(rows)
    let factors = Self.risks(SimplifiedLOF(k: 8), embeddings)
    let scores = Self.risks(DAO(k: 8), embeddings)
    let distances = Self.risks(KDistance(k: 8), embeddings)
    #expect(factors.max() == factors[200])
    #expect(scores.max() == scores[200])
    #expect(distances.count { $0 > distances[200] } >= 90)
  }

  @Test("one search with more neighbours serves all")
  func shared() {
    let neighbours = Neighbours.nearest(12, among: Self.rows, ReferenceBackend())
    #expect(KDistance(k: 5).risks(neighbours) == Self.risks(KDistance(k: 5), Self.rows))
    #expect(SimplifiedLOF(k: 5).risks(neighbours) == Self.risks(SimplifiedLOF(k: 5), Self.rows))
    #expect(DAO(k: 5).risks(neighbours) == Self.risks(DAO(k: 5), Self.rows))
  }

  @Test("equal distances everywhere make no image an outlier")
  func simplex() {
    let rows = UnitRows.unit((0..<9).map { UnitRows.axis($0, 9) })
    #expect(Self.risks(SimplifiedLOF(k: 4), rows) == [Double](repeating: 1, count: 9))
    #expect(Self.risks(DAO(k: 4), rows) == [Double](repeating: 0, count: 9))
    // The infinite estimate is kept finite where distances do differ.
    let far = UnitRows.unit(
      [UnitRows.axis(0, 9).map { -$0 }] + (0..<9).map { UnitRows.axis($0, 9) })
    let risks = Self.risks(DAO(k: 4), far)
    #expect(risks.allSatisfy { $0.isFinite })
  }
}
