import AuditEvaluation
import NeuralKit
import TestSupport
import Testing

/// Golden values: numpy 2.4.6, the first right singular vector of `numpy.linalg.svd` of the centred
/// rows.
@Suite struct SpectralSignaturesTests {
  private static let rows = UnitRows.waves(30, 8)

  @Test("squared projections are those of numpy")
  func golden() {
    let expected = [
      0.6341595, 0.0631554, 0.2391576, 0.0304722, 0.4433332, 1.0747640,
      0.1019555, 0.5919277, 0.1223304, 0.0364932, 0.2517042, 0.1445952,
      1.0766303, 0.4339949, 0.4640370, 0.5242747, 0.0090669, 0.2394326,
      0.2041636, 0.7679031, 0.2749373, 0.5995363, 0.8097138, 0.0579628,
      0.2569372, 0.3115554, 0.9838622, 0.2943147, 0.4409834, 0.7699092,
    ]
    let found = SpectralSignatures().signatures(Self.rows, ReferenceBackend())
    #expect(UnitRows.distance(found, expected) < 1e-5)
  }

  @Test("each class is ranked by its own direction, as shares of the class")
  func classes() {
    // numpy's signatures of rows 0, 3, 6 ..., of 1, 4, 7 ... and of 2, 5, 8 ....
    let signatures = [
      [
        0.5003793, 0.3082358, 0.0591859, 0.0113477, 1.4693354, 0.5506875, 0.0585765, 0.4940579,
        0.0434390, 0.2621084,
      ],
      [
        0.4271186, 0.4565135, 0.2759904, 0.0857455, 0.1870511, 0.0453218, 0.8529089, 1.2547721,
        0.3745884, 0.1382128,
      ],
      [
        0.1039173, 0.4861338, 0.0000487, 0.3665891, 1.0074258, 0.8525953, 0.0513534, 0.0057570,
        0.5296097, 0.2397942,
      ],
    ]
    let pairs = PairEmbeddings(
      images: Self.rows, captions: Self.rows, classes: (0..<30).map { [7, 2, nil][$0 % 3] })
    let risks = SpectralSignatures().risks(pairs, ReferenceBackend())
    for pair in 0..<30 {
      let own = signatures[pair % 3]
      let lower = own.count { $0 < own[pair / 3] }
      #expect(abs(risks[pair] - (Double(lower) + 0.5) / 10) < 1e-12)
    }
  }

  @Test("a planted minority of a class has its highest signatures")
  func planted() {
    var generator = SeededGenerator(seed: 71)
    let rows =
      UnitRows.random(95, 20, center: UnitRows.axis(0, 20), spread: 0.4, using: &generator)
      + UnitRows.random(5, 20, center: UnitRows.axis(1, 20), spread: 0.4, using: &generator)
    let images = UnitRows.unit(rows)
    let pairs = PairEmbeddings(images: images, captions: images)
    let risks = SpectralSignatures().risks(pairs, CPUBackend())
    #expect(risks.indices.filter { risks[$0] > 0.95 } == Array(95..<100))
  }

  @Test("equal images, and a class of one, have no direction: one half")
  func degenerate() {
    let images = UnitRows.gathered(Self.rows, [4, 4, 4, 9])
    let pairs = PairEmbeddings(images: images, captions: images, classes: [1, 1, 1, 2])
    #expect(SpectralSignatures().risks(pairs, CPUBackend()) == [0.5, 0.5, 0.5, 0.5])
  }
}
