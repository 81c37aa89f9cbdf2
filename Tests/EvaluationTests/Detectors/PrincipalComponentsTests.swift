import AuditEvaluation
import NeuralKit
import TestSupport
import Testing

/// Golden values: scikit-learn 1.9.1, PCA(4, svd_solver="full") of 30 rows; its variances, which
/// divide by 29, times 29 / 30.
@Suite struct PrincipalComponentsTests {
  private static func components(
    _ rows: Tensor, _ count: Int, seed: UInt64 = 61
  ) -> PrincipalComponents {
    var generator = SeededGenerator(seed: seed)
    return PrincipalComponents(of: rows, count: count, using: &generator, ReferenceBackend())
  }

  @Test("variances and coordinates are those of scikit-learn, up to sign")
  func golden() {
    let found = Self.components(UnitRows.waves(30, 8), 4)
    #expect(found.count == 4)
    let variances = [0.40844211, 0.22482161, 0.17300583, 0.08511756]
    #expect(UnitRows.distance(found.variances, variances) < 1e-6)
    let coordinates = [
      0.7963413, 0.0800031, 0.2949685, 0.0050082,
      0.2513074, 0.3553599, 0.6706119, 0.4388198,
      0.4890375, 0.8338547, 0.2707843, 0.0131365,
      0.1745630, 0.7755756, 0.7232142, 0.0819941,
      0.6658327, 0.4433508, 0.4528986, 0.2083439,
      1.0367083, 0.0937177, 0.4697294, 0.0902440,
    ]
    #expect(UnitRows.distance(found.coordinates.prefix(24).map { abs($0) }, coordinates) < 1e-5)
  }

  @Test("coordinates have mean zero, no correlation, and their variances", arguments: [40, 400])
  func decorrelated(rows: Int) {
    var generator = SeededGenerator(seed: 62)
    let center = UnitRows.axis(2, 60)
    let found = Self.components(
      UnitRows.unit(UnitRows.random(rows, 60, center: center, using: &generator)), 6)
    for first in 0..<6 {
      for second in first..<6 {
        var (sum, product) = (0.0, 0.0)
        for row in 0..<rows {
          sum += found.coordinates[row * 6 + first]
          product += found.coordinates[row * 6 + first] * found.coordinates[row * 6 + second]
        }
        let expected = first == second ? found.variances[first] : 0
        #expect(abs(sum / Double(rows)) < 1e-6)
        #expect(abs(product / Double(rows) - expected) < 1e-6)
      }
    }
    #expect(zip(found.variances, found.variances.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test("where the search starts changes nothing but signs")
  func starts() {
    let rows = UnitRows.waves(30, 8)
    let first = Self.components(rows, 3, seed: 1)
    let second = Self.components(rows, 3, seed: 2)
    let difference = UnitRows.distance(
      first.coordinates.map { abs($0) }, second.coordinates.map { abs($0) })
    #expect(difference < 1e-5)
    #expect(Self.components(rows, 3, seed: 1).coordinates == first.coordinates)
  }

  @Test("rows along a line have one component, equal rows none")
  func rank() {
    let line = UnitRows.unit([[1, 0, 0.2], [1, 0, -0.2], [1, 0, 0.2], [1, 0, -0.2]])
    #expect(Self.components(line, 3).count == 1)
    let point = UnitRows.gathered(UnitRows.waves(3, 7), [1, 1, 1, 1, 1])
    #expect(Self.components(point, 3).count == 0)
    #expect(Self.components(UnitRows.waves(1, 7), 3).count == 0)
    #expect(Self.components(Tensor([], shape: [0, 7]), 3).coordinates.isEmpty)
  }
}
