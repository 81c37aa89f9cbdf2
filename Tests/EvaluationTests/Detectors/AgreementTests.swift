import AuditEvaluation
import NeuralKit
import TestSupport
import Testing

/// Golden values: neighbours of scikit-learn 1.9.1, shares and means in numpy 2.4.6.
@Suite struct AgreementTests {
  private static let images = UnitRows.waves(24, 6)
  private static let captions = UnitRows.waves(24, 6, phase: 1.1)

  @Test("one minus the median cosine with the captions of the nearest images is numpy's")
  func agreement() {
    let expected = [
      0.2204100, 0.2536559, 0.2226383, 0.6915861, 0.3257318, 0.4555919, 0.6813688, 0.2761138,
      0.2594771, 0.3497096, 0.4362852, 0.3705252, 0.4466575, 0.8711432, 0.4767277, 0.2637686,
      0.1693625, 0.3978499, 0.3468664, 0.3571804, 1.0071502, 0.1963305, 0.2579473, 0.1911660,
    ]
    let detector = NeighbourhoodAgreement(k: 4, duplicateCosine: 1.01)
    let pairs = PairEmbeddings(images: Self.images, captions: Self.captions)
    #expect(UnitRows.distance(detector.risks(pairs, ReferenceBackend()), expected) < 1e-5)
  }

  @Test("by captions it is the same with images and captions exchanged")
  func exchanged() {
    let pairs = PairEmbeddings(images: Self.images, captions: Self.captions)
    let exchanged = PairEmbeddings(images: Self.captions, captions: Self.images)
    let byCaptions = NeighbourhoodAgreement(.byCaptions, k: 4).risks(pairs, ReferenceBackend())
    let byImages = NeighbourhoodAgreement(k: 4).risks(exchanged, ReferenceBackend())
    #expect(UnitRows.distance(byCaptions, byImages) < 1e-12)
    let own = NeighbourhoodAgreement(k: 4).risks(pairs, ReferenceBackend())
    #expect(UnitRows.distance(byCaptions, own) > 0.1)
  }

  @Test("the share of neighbours of other classes is scikit-learn's")
  func deepKNN() {
    let expected = [
      1, 1, 0.5, 0.75, 0.5, 0.5, 1, 1, 0.75, 0.75, 0.75, 0.75,
      0.5, 0.5, 0.5, 0.75, 1, 0.75, 0.75, 0.75, 0.75, 0.5, 1, 1,
    ]
    let pairs = PairEmbeddings(
      images: Self.images, captions: Self.captions, classes: (0..<24).map { $0 / 3 % 3 })
    #expect(DeepKNN(k: 4).risks(pairs, ReferenceBackend()) == expected)
  }

  /// Two concepts of 40 images each; pair 7 has the other concept's caption and class.
  private static func planted(copies: Int = 0) -> PairEmbeddings {
    var generator = SeededGenerator(seed: 51)
    let first = UnitRows.axis(0, 12)
    let second = UnitRows.axis(1, 12)
    func cloud(_ center: [Double], _ spread: Double) -> [[Double]] {
      UnitRows.random(40, 12, center: center, spread: spread, using: &generator)
    }
    var images = cloud(first, 0.6) + cloud(second, 0.6)
    var captions = cloud(first, 0.4) + cloud(second, 0.4)
    var classes: [Int?] = (0..<80).map { $0 / 40 }
    captions[7] = captions[60]
    classes[7] = 1
    for _ in 0..<copies {
      images.append(images[7])
      captions.append(captions[7])
      classes.append(1)
    }
    return PairEmbeddings(
      images: UnitRows.unit(images), captions: UnitRows.unit(captions), classes: classes)
  }

  @Test("a caption unlike those of the nearest images is riskiest")
  func disagreement() {
    let pairs = Self.planted()
    let detectors: [any EmbeddingDetector] = [
      NeighbourhoodAgreement(k: 10), NeighbourhoodAgreement(.byCaptions, k: 10), DeepKNN(k: 10),
    ]
    for detector in detectors {
      let risks = detector.risks(pairs, CPUBackend())
      #expect(risks.indices.allSatisfy { $0 == 7 || risks[$0] < risks[7] })
    }
  }

  @Test("copies of an image do not vouch for each other, unless the limit lets them")
  func duplicates() {
    let pairs = Self.planted(copies: 12)
    let guarded = NeighbourhoodAgreement(k: 10).risks(pairs, CPUBackend())
    let open = NeighbourhoodAgreement(k: 10, duplicateCosine: 1.01).risks(pairs, CPUBackend())
    for copy in [7] + Array(80..<92) {
      #expect(guarded[copy] > 0.7)
      #expect(abs(open[copy]) < 1e-6)
    }
  }

  @Test("agreement and risk add up to one")
  func complement() {
    let pairs = Self.planted()
    let detector = NeighbourhoodAgreement(k: 3)
    let agreements = detector.agreements(pairs, ReferenceBackend())
    #expect(agreements.allSatisfy { (-1.000_001...1.000_001).contains($0) })
    let sums = zip(agreements, detector.risks(pairs, ReferenceBackend())).map { $0 + $1 }
    #expect(UnitRows.distance(sums, [Double](repeating: 1, count: 80)) < 1e-12)
  }

  @Test("pairs without class neither vote nor can be contradicted")
  func withoutClass() {
    let rows = UnitRows.unit([[1, 0], [1, 0.1], [1, 0.2], [1, 0.3], [1, 0.4]])
    let pairs = PairEmbeddings(images: rows, captions: rows, classes: [0, nil, 1, nil, 0])
    // The nearest two with a class, for each that has one.
    #expect(DeepKNN(k: 2).risks(pairs, ReferenceBackend()) == [0.5, 0, 1, 0, 0.5])
    let none = PairEmbeddings(images: rows, captions: rows)
    #expect(DeepKNN(k: 2).risks(none, CPUBackend()) == [0, 0, 0, 0, 0])
  }
}
