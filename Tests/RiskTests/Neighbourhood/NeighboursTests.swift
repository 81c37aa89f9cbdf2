import AuditRisk
import Foundation
import NeuralKit
import TestSupport
import Testing

/// Golden values: scikit-learn 1.9.1, NearestNeighbors(algorithm="brute") on the rows in single
/// precision, `kneighbors()` without the rows themselves.
@Suite struct NeighboursTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend()]

  @Test("the nearest rows and their distances are those of scikit-learn", arguments: 0..<2)
  func golden(backend: Int) {
    let neighbours = Neighbours.nearest(
      4, among: UnitRows.waves(24, 6), Self.backends[backend])
    let indices: [Int32] = [
      21, 7, 14, 13, 15, 8, 22, 17, 23, 16, 9, 19, 10, 17, 22, 15,
      18, 11, 13, 21, 12, 19, 20, 22, 11, 18, 4, 13, 0, 21, 14, 13,
      22, 1, 15, 3, 16, 23, 2, 8, 17, 3, 0, 7, 18, 4, 6, 13,
      5, 19, 20, 22, 21, 0, 7, 4, 7, 0, 21, 13, 1, 22, 8, 12,
      23, 2, 9, 18, 10, 21, 3, 6, 11, 4, 6, 13, 12, 5, 20, 15,
      5, 12, 22, 19, 0, 7, 13, 14, 8, 15, 1, 20, 16, 2, 9, 6,
    ]
    let distances = [
      0.1295185, 0.1877467, 0.4702742, 0.6254946, 0.5758008, 0.7314813, 0.8267048, 1.1042558,
      0.3496496, 0.4707431, 0.8192027, 1.1576754, 0.8397065, 0.9456627, 1.0616833, 1.0866878,
      0.3170598, 0.4064733, 0.7020923, 0.7402189, 0.0462780, 0.5557440, 0.6059385, 0.9396738,
      0.5887479, 0.6121641, 0.8657009, 0.8714756, 0.1877467, 0.2979515, 0.3456101, 0.6643502,
      0.5739305, 0.7314813, 0.9191719, 1.1785532, 0.7028673, 0.7945162, 0.8192027, 1.2624483,
      0.3453640, 0.8397065, 0.9885747, 0.9922710, 0.1459093, 0.4064733, 0.5887479, 0.8708731,
      0.0462780, 0.5151034, 0.6320999, 0.9507432, 0.5721802, 0.6254946, 0.6643502, 0.7020923,
      0.3456101, 0.4702742, 0.5864586, 0.9682738, 0.5758008, 0.5954616, 0.9191719, 1.0535637,
      0.1948491, 0.4707431, 0.7028673, 1.1187490, 0.3453640, 0.9430543, 0.9456627, 0.9656631,
      0.1459093, 0.3170598, 0.6121641, 0.7584858, 0.5151034, 0.5557440, 1.0132594, 1.0646633,
      0.6059385, 0.6320999, 0.9184413, 1.0132594, 0.1295185, 0.2979515, 0.5721802, 0.5864586,
      0.5739305, 0.5954616, 0.8267048, 0.9184413, 0.1948491, 0.3496496, 0.7945162, 1.1476583,
    ]
    #expect(neighbours.indices == indices)
    #expect(UnitRows.distance(neighbours.distances.map { Double($0) }, distances) < 1e-6)
    #expect(neighbours.counts == [Int32](repeating: 4, count: 24))
  }

  @Test("the nearest references of other rows are those of scikit-learn", arguments: 0..<2)
  func queries(backend: Int) {
    let neighbours = Neighbours.nearest(
      3, to: UnitRows.waves(6, 6, phase: 0.4), in: NeighbourReferences(UnitRows.waves(24, 6)),
      Self.backends[backend])
    let indices: [Int32] = [21, 0, 7, 1, 15, 8, 23, 2, 16, 3, 10, 17, 4, 18, 11, 12, 5, 19]
    let distances = [
      0.1850106, 0.2900820, 0.4647943, 0.4845273, 0.7524890, 0.8024303,
      0.2230539, 0.3153802, 0.4013590, 0.3663848, 0.8109933, 0.8726972,
      0.3458442, 0.4415156, 0.5695033, 0.2235229, 0.2641574, 0.3246985,
    ]
    #expect(neighbours.indices == indices)
    #expect(UnitRows.distance(neighbours.distances.map { Double($0) }, distances) < 1e-6)
  }

  @Test("a row is its own nearest reference, but not its own neighbour")
  func itself() {
    let rows = UnitRows.waves(12, 5)
    let found = Neighbours.nearest(1, to: rows, in: NeighbourReferences(rows), ReferenceBackend())
    #expect(found.indices == (0..<12).map { Int32($0) })
    #expect(found.distances.allSatisfy { $0 == 0 })
    let among = Neighbours.nearest(11, among: rows, ReferenceBackend())
    for row in 0..<12 { #expect(!among.indices(of: row).contains(Int32(row))) }
    // Queries that know which reference they are, and one that is none.
    let own: [Int32] = [7, 2, -1]
    let told = Neighbours.nearest(
      1, to: UnitRows.gathered(rows, [7, 2, 5]), in: NeighbourReferences(rows), own: own,
      ReferenceBackend())
    let nearest = [7, 2].map { among.indices(of: $0).first }
    #expect(told.indices.map(Optional.some) == nearest + [5])
  }

  @Test("many neighbours of many rows are all there, nearest first", arguments: [1, 7, 64, 299])
  func exhaustive(k: Int) {
    var generator = SeededGenerator(seed: 31)
    let rows = UnitRows.unit(UnitRows.random(300, 8, using: &generator))
    let neighbours = Neighbours.nearest(k, among: rows, CPUBackend())
    let distances = Self.distances(rows)
    for row in 0..<300 {
      let others = (0..<300).filter { $0 != row }.map { distances[row * 300 + $0] }
      let nearest = Array(others.sorted().prefix(k))
      let found = neighbours.distances(of: row).map { Double($0) }
      #expect(UnitRows.distance(found, nearest) < 1e-6)
      for (index, distance) in zip(neighbours.indices(of: row), found) {
        #expect(abs(distances[row * 300 + Int(index)] - distance) < 1e-6)
      }
      #expect(Set(neighbours.indices(of: row)).count == k)
    }
  }

  @Test("the size of blocks changes nothing", arguments: [1, 24, 25, 100, 576])
  func blocks(elements: Int) {
    let rows = UnitRows.waves(24, 6)
    let whole = Neighbours.nearest(5, among: rows, ReferenceBackend())
    let blocked = Neighbours.nearest(
      5, among: rows, elementsPerBlock: elements, ReferenceBackend())
    #expect(whole == blocked)
  }

  @Test("rows in another order have the same neighbours")
  func permutation() {
    var generator = SeededGenerator(seed: 32)
    let rows = UnitRows.unit(UnitRows.random(200, 16, using: &generator))
    let order = generator.permutation(200)
    let straight = Neighbours.nearest(6, among: rows, CPUBackend())
    let permuted = Neighbours.nearest(6, among: UnitRows.gathered(rows, order), CPUBackend())
    for row in 0..<200 {
      let expected = Array(straight.indices(of: Int(order[row])))
      #expect(permuted.indices(of: row).map { order[Int($0)] } == expected)
      #expect(permuted.distances(of: row).elementsEqual(straight.distances(of: Int(order[row]))))
    }
  }

  @Test("copies are at distance zero, in the order of the rows", arguments: 0..<2)
  func copies(backend: Int) {
    let order: [Int32] = [0, 3, 1, 3, 2, 3, 3, 4, 3]
    let rows = UnitRows.gathered(UnitRows.waves(5, 33), order)
    let neighbours = Neighbours.nearest(3, among: rows, Self.backends[backend])
    #expect(Array(neighbours.indices(of: 1)) == [3, 5, 6])
    #expect(Array(neighbours.indices(of: 5)) == [1, 3, 6])
    #expect(Array(neighbours.indices(of: 8)) == [1, 3, 5])
    #expect(neighbours.distances(of: 8).allSatisfy { $0 == 0 })
    #expect(neighbours.distances(of: 0).allSatisfy { $0 > 0 })
  }

  /// Euclidean distances `[N, N]` by their definition.
  private static func distances(_ rows: Tensor) -> [Double] {
    let (values, width) = (rows.scalars.map { Double($0) }, rows.columnCount)
    var distances: [Double] = []
    for left in 0..<rows.rowCount {
      for right in 0..<rows.rowCount {
        var sum = 0.0
        for column in 0..<width {
          let difference = values[left * width + column] - values[right * width + column]
          sum += difference * difference
        }
        distances.append(sum.squareRoot())
      }
    }
    return distances
  }
}
