import AuditEvaluation
import NeuralKit
import TestSupport
import Testing

/// What all detectors have in common.
@Suite struct DetectorInvarianceTests {
  struct Named: Sendable, CustomTestStringConvertible {
    let detector: any EmbeddingDetector
    var testDescription: String { "\(type(of: detector))" }
  }

  private static let detectors: [Named] = [
    Named(detector: KDistance(k: 5)), Named(detector: SimplifiedLOF(k: 5)),
    Named(detector: DAO(k: 5)), Named(detector: DeepKNN(k: 5)),
    Named(detector: NeighbourhoodAgreement(k: 5)), Named(detector: SpectralSignatures()),
    Named(detector: ActivationClustering(dimensions: 6)),
  ]

  /// Three classes and pairs without class, each of a large and a small cloud, some of them mixed
  /// up.
  private static func pairs() -> PairEmbeddings {
    var generator = SeededGenerator(seed: 91)
    var rows: [[Double]] = []
    var classes: [Int?] = []
    for name in 0..<4 {
      let (main, other) = (UnitRows.axis(name, 24), UnitRows.axis(name + 5, 24))
      rows += UnitRows.random(30, 24, center: main, spread: 0.5, using: &generator)
      rows += UnitRows.random(8, 24, center: other, spread: 0.5, using: &generator)
      classes += [Int?](repeating: name < 3 ? name : nil, count: 38)
    }
    for pair in stride(from: 3, to: 114, by: 9) { classes[pair] = (pair + 1) % 3 }
    let captions = UnitRows.random(rows.count, 24, using: &generator)
    return PairEmbeddings(
      images: UnitRows.unit(rows), captions: UnitRows.unit(captions), classes: classes)
  }

  @Test("pairs in another order keep their risks", arguments: detectors)
  func permutation(_ named: Named) {
    let pairs = Self.pairs()
    var generator = SeededGenerator(seed: 92)
    let order = generator.permutation(pairs.count)
    let straight = named.detector.risks(pairs, CPUBackend())
    let permuted = named.detector.risks(UnitRows.gathered(pairs, order), CPUBackend())
    #expect(UnitRows.distance(permuted, order.map { straight[Int($0)] }) < 1e-4)
    #expect(Set(straight).count > 1)
  }

  @Test("embeddings turned as a whole keep their risks", arguments: detectors)
  func rotation(_ named: Named) {
    let pairs = Self.pairs()
    let rotated = PairEmbeddings(
      images: UnitRows.rotated(pairs.images, seed: 93),
      captions: UnitRows.rotated(pairs.captions, seed: 93), classes: pairs.classes)
    let straight = named.detector.risks(pairs, CPUBackend())
    #expect(UnitRows.distance(named.detector.risks(rotated, CPUBackend()), straight) < 1e-4)
  }

  @Test("one risk a pair, finite, whatever the crawl", arguments: detectors)
  func degenerate(_ named: Named) {
    let rows = UnitRows.waves(12, 6)
    let copies = UnitRows.gathered(rows, [Int32](repeating: 5, count: 9))
    let crawls = [
      Tensor([], shape: [0, 6]), rows.rows(0..<1), rows.rows(0..<2), rows.rows(0..<4), copies,
      UnitRows.stacked(rows, copies),
      UnitRows.stacked(rows, Tensor([Float](repeating: .nan, count: 6), shape: [1, 6])),
    ]
    for images in crawls {
      let count = images.rowCount
      for classes in [nil, (0..<count).map { $0 % 3 == 2 ? nil : $0 % 3 }] as [[Int?]?] {
        let captions = UnitRows.gathered(rows, (0..<Int32(count)).map { $0 % 12 })
        let pairs = PairEmbeddings(images: images, captions: captions, classes: classes)
        let risks = named.detector.risks(pairs, CPUBackend())
        #expect(risks.count == count)
        #expect(risks.allSatisfy { $0.isFinite }, "\(count) images")
      }
    }
  }

  @Test("the same crawl has the same risks each time", arguments: detectors)
  func deterministic(_ named: Named) {
    let pairs = Self.pairs()
    let first = named.detector.risks(pairs, CPUBackend())
    #expect(named.detector.risks(pairs, CPUBackend()) == first)
  }
}
