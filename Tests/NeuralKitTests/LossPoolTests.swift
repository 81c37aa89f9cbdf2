import NeuralKit
import Testing

@Suite("The pool of neighbours")
struct LossPoolTests {
  private static func pool(_ capacity: Int, seed: UInt64 = 1) -> NearestNeighbourPool {
    var generator = SeededGenerator(seed: seed)
    return NearestNeighbourPool(capacity: capacity, width: 2, using: &generator)
  }

  private static func numbered(_ range: Range<Int>) -> Tensor {
    Tensor(range.flatMap { [Float($0), 0] }, shape: [range.count, 2])
  }

  private static func firstColumn(_ pool: NearestNeighbourPool) -> [Float] {
    (0..<pool.capacity).map { pool.rows.scalars[2 * $0] }
  }

  @Test("starts with unit rows that follow the seed")
  func startsRandom() {
    let rows = Self.pool(17).rows.scalars
    for row in 0..<17 {
      #expect(abs(rows[2 * row] * rows[2 * row] + rows[2 * row + 1] * rows[2 * row + 1] - 1) < 1e-5)
    }
    #expect(rows == Self.pool(17).rows.scalars)
    #expect(rows != Self.pool(17, seed: 2).rows.scalars)
  }

  @Test("displaces the oldest rows, in turn")
  func displacesTheOldest() {
    let pool = Self.pool(5)
    pool.insert(Self.numbered(1..<4), SingleReplica())
    #expect(Self.firstColumn(pool)[..<3] == [1, 2, 3] && pool.oldest == 3)
    pool.insert(Self.numbered(4..<8), SingleReplica())
    #expect(Self.firstColumn(pool) == [6, 7, 3, 4, 5] && pool.oldest == 2)
  }

  @Test("keeps the newest of a batch that is larger than itself")
  func keepsTheNewest() {
    let pool = Self.pool(3)
    pool.insert(Self.numbered(1..<9), SingleReplica())
    #expect(Self.firstColumn(pool).sorted() == [6, 7, 8])
  }

  @Test("goes on from what was saved as if it had not stopped")
  func resumes() {
    let (whole, first) = (Self.pool(4), Self.pool(4))
    whole.insert(Self.numbered(1..<4), SingleReplica())
    first.insert(Self.numbered(1..<4), SingleReplica())
    let second = NearestNeighbourPool(rows: first.rows.copied(), oldest: first.oldest)
    for pool in [whole, second] { pool.insert(Self.numbered(4..<7), SingleReplica()) }
    #expect(whole.rows.scalars == second.rows.scalars && whole.oldest == second.oldest)
  }

  @Test("takes the replicas' rows in rank order", arguments: [1, 2, 3])
  func insertsInRankOrder(_ replicas: Int) {
    let pool = Self.pool(8)
    let all = Self.numbered(1..<6)
    ReplicaGroup(count: replicas).run { communicator in
      let rank = communicator.rank
      let part = 5 * rank / replicas..<5 * (rank + 1) / replicas
      pool.insert(all.rows(part), communicator)
    }
    #expect(Self.firstColumn(pool)[..<5] == [1, 2, 3, 4, 5])
  }

  @Test("finds the row of the largest inner product")
  func findsTheNearest() {
    let rows = Tensor([1, 0, 0, 1, -1, 0], shape: [3, 2])
    let pool = NearestNeighbourPool(rows: rows, oldest: 0)
    let found = pool.nearest(
      to: Tensor([0.1, 0.9, -0.8, 0.3], shape: [2, 2]), ReferenceBackend())
    #expect(found.scalars == [0, 1, -1, 0])
    rows[element: 0] = 7
    #expect(found.scalars == [0, 1, -1, 0], "a neighbour is a copy")
  }
}
