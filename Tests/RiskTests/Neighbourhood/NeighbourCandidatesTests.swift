import AuditRisk
import NeuralKit
import TestSupport
import Testing

@Suite struct NeighbourCandidatesTests {
  private static let rows = UnitRows.waves(24, 6)
  private static let groups: [Int?] = (0..<24).map { $0 % 5 == 4 ? nil : 100 - $0 % 5 }

  /// All other rows in the order of their distances.
  private static let all = Neighbours.nearest(23, among: rows, ReferenceBackend())

  @Test("members of one's group are passed over, rows without group are everybody's neighbours")
  func outside() {
    let found = Neighbours.nearest(
      6, among: Self.rows, candidates: .outside(groups: Self.groups), ReferenceBackend())
    for row in 0..<24 {
      let own = Self.groups[row]
      let expected = Self.all.indices(of: row).filter {
        own == nil || Self.groups[Int($0)] != own
      }
      #expect(Array(found.indices(of: row)) == Array(expected.prefix(6)))
    }
  }

  @Test("within groups only members count, rows without group among themselves")
  func within() {
    let found = Neighbours.nearest(
      6, among: Self.rows, candidates: .within(groups: Self.groups), ReferenceBackend())
    for row in 0..<24 {
      let expected = Self.all.indices(of: row).filter {
        Self.groups[Int($0)] == Self.groups[row]
      }
      #expect(Array(found.indices(of: row)) == Array(expected.prefix(6)))
      #expect(Int(found.counts[row]) == min(6, expected.count))
    }
  }

  @Test("where there are fewer rows than asked for, places stay empty")
  func fewer() {
    let found = Neighbours.nearest(
      4, among: UnitRows.waves(4, 6), candidates: .within(groups: [1, 2, 1, nil]),
      ReferenceBackend())
    #expect(found.counts == [1, 0, 1, 0])
    #expect(found.indices == [2, -1, -1, -1, -1, -1, -1, -1, 0, -1, -1, -1, -1, -1, -1, -1])
    #expect(found.distances.count { $0 == .infinity } == 14)
    #expect(found.indices(of: 1).isEmpty && found.distances(of: 3).isEmpty)
  }

  @Test("rows above the limit of cosines are left out on both sides")
  func limit() {
    // Distance 0.3 is cosine 0.955.
    let found = Neighbours.nearest(
      23, among: Self.rows, cosineLimit: 0.955, ReferenceBackend())
    for row in 0..<24 {
      let expected = zip(Self.all.indices(of: row), Self.all.distances(of: row))
        .filter { $0.1 > 0.3 }
      #expect(Array(found.indices(of: row)) == expected.map(\.0))
    }
    #expect(found.counts.contains { $0 < 23 })
    let queried = Neighbours.nearest(
      23, to: Self.rows, in: NeighbourReferences(Self.rows), cosineLimit: 0.955, ReferenceBackend())
    #expect(queried.indices == found.indices)
  }

  @Test("no rows, one row, and no references have no neighbours", arguments: [0, 1])
  func degenerate(count: Int) {
    let rows = UnitRows.waves(count, 4)
    let found = Neighbours.nearest(2, among: rows, CPUBackend())
    #expect(found.rowCount == count)
    #expect(found.counts == [Int32](repeating: 0, count: count))
    let empty = Tensor([], shape: [0, 4])
    let queried = Neighbours.nearest(2, to: rows, in: NeighbourReferences(empty), CPUBackend())
    #expect(queried.counts == [Int32](repeating: 0, count: count))
    #expect(
      Neighbours.nearest(2, to: empty, in: NeighbourReferences(rows), CPUBackend()).indices.isEmpty)
  }

  @Test("a row that is not a number is nobody's neighbour")
  func notANumber() {
    let broken = Tensor([Float](repeating: .nan, count: 6), shape: [1, 6])
    let rows = UnitRows.stacked(UnitRows.waves(8, 6), broken)
    let found = Neighbours.nearest(8, among: rows, ReferenceBackend())
    #expect(found.counts == [7, 7, 7, 7, 7, 7, 7, 7, 0])
    #expect(!found.indices.contains(8))
  }
}
