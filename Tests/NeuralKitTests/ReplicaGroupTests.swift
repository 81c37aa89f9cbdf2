import NeuralKit
import Synchronization
import Testing

@Suite struct ReplicaGroupTests {
  @Test(arguments: [1, 2, 3, 5]) func everyReplicaRunsOnceAndRunWaits(count: Int) {
    let group = ReplicaGroup(count: count)
    let seen = Mutex<[Int]>([])
    for round in 1...50 {
      group.run { communicator in
        #expect(communicator.count == count)
        seen.withLock { $0.append(communicator.rank) }
      }
      #expect(seen.withLock { $0.count } == round * count)
    }
    let ranks = seen.withLock { $0.sorted() }
    #expect(ranks == (0..<count).flatMap { Array(repeating: $0, count: 50) })
  }

  @Test(arguments: [1, 2, 3], [1, 3, 17, 8192, 8193, 50_001])
  func sumsAreOverAllReplicasInRankOrder(count: Int, size: Int) {
    let group = ReplicaGroup(count: count)
    let parts = (0..<count).map { CPUComparison.normal(size, stream: UInt64($0)) }
    var expected = parts[0].scalars
    for part in parts.dropFirst() {
      for (i, value) in part.scalars.enumerated() { expected[i] += value }
    }
    group.run { communicator in communicator.sum(parts[communicator.rank]) }
    for part in parts { #expect(part.scalars == expected) }
  }

  @Test(arguments: [2, 3]) func manySumsInARowDoNotMixUp(count: Int) {
    let group = ReplicaGroup(count: count)
    let failures = Atomic<Int>(0)
    group.run { communicator in
      // Small and large ones in turn, each replica's contribution differing from round to round.
      for round in 0..<400 {
        let size = [1, 40, 9000][round % 3]
        let tensor = Tensor(repeating: Float(round * (communicator.rank + 1)), shape: [size])
        communicator.sum(tensor)
        let expected = Float(round * count * (count + 1) / 2)
        if tensor.scalars.contains(where: { $0 != expected }) {
          failures.add(1, ordering: .relaxed)
        }
      }
    }
    #expect(failures.load(ordering: .relaxed) == 0)
  }

  @Test(arguments: [1, 2, 3], [1, 700, 4000]) func gatheredRowsAreInRankOrder(
    count: Int, columns: Int
  ) {
    let group = ReplicaGroup(count: count)
    // Replicas hold 0, 3, 6 rows (one replica: 3), so that some are empty and some are large.
    let parts = (0..<count).map {
      CPUComparison.normal(count == 1 ? 3 : 3 * $0, columns, stream: UInt64($0))
    }
    let expected = parts.flatMap(\.scalars)
    let results = Mutex<[Tensor]>([])
    group.run { communicator in
      for _ in 0..<20 {
        let gathered = communicator.gather(parts[communicator.rank])
        results.withLock { $0.append(gathered) }
      }
    }
    let gathered = results.withLock { $0 }
    #expect(gathered.count == 20 * count)
    for tensor in gathered {
      #expect(tensor.shape == [expected.count / columns, columns])
      #expect(tensor.scalars == expected)
    }
  }

  @Test(arguments: [2, 3]) func nobodyPassesABarrierBeforeAllHaveArrived(count: Int) {
    let group = ReplicaGroup(count: count)
    let arrivals = Atomic<Int>(0)
    let tooEarly = Atomic<Int>(0)
    group.run { communicator in
      for round in 1...2000 {
        arrivals.add(1, ordering: .sequentiallyConsistent)
        communicator.barrier()
        if arrivals.load(ordering: .sequentiallyConsistent) < round * count {
          tooEarly.add(1, ordering: .relaxed)
        }
        communicator.barrier()
      }
    }
    #expect(tooEarly.load(ordering: .relaxed) == 0)
  }

  @Test func sleepersAreWokenWhenOneReplicaIsLate() {
    let group = ReplicaGroup(count: 2)
    group.run { communicator in
      for round in 0..<10 where round % 2 == communicator.rank {
        // Longer than anyone spins.
        var generator = SeededGenerator(seed: 1, UInt64(round))
        _ = generator.normals(20_000)
      }
      communicator.barrier()
      for round in 0..<4 {
        if round % 2 == communicator.rank {
          var generator = SeededGenerator(seed: 2, UInt64(round))
          _ = generator.normals(50_000)
        }
        communicator.barrier()
      }
    }
  }

  @Test(arguments: [0, 1, 15, 16, 17, 1000, 12_345], [1, 2, 3, 7])
  func shardsCoverEverythingOnceOnCacheLines(size: Int, count: Int) {
    let ranges = (0..<count).map { FixedRank(rank: $0, count: count).shard(of: size) }
    #expect(ranges.flatMap { Array($0) } == Array(0..<size))
    for range in ranges where !range.isEmpty { #expect(range.lowerBound % 16 == 0) }
  }

  @Test func groupsComeAndGo() {
    for count in [1, 3, 2] {
      let sum = Atomic<Int>(0)
      ReplicaGroup(count: count).run { sum.add($0.rank + 1, ordering: .relaxed) }
      #expect(sum.load(ordering: .relaxed) == count * (count + 1) / 2)
    }
  }

  @Test func theSameReplicasGiveTheSameBits() {
    // A step in miniature: products, moments and a sum over replicas, twice.
    let group = ReplicaGroup(count: 3)
    let x = CPUComparison.normal(3 * 37, 50)
    let weight = CPUComparison.normal(40, 50, stream: 1)
    let results = (0..<2).map { _ in
      let result = Tensor(repeating: 0, shape: [2, 40])
      group.run { communicator in
        let backend = CPUBackend()
        let rows = x.rows(communicator.rank * 37..<(communicator.rank + 1) * 37)
        let y = backend.product(rows, transposed: false, weight, transposed: true, scale: 1)
        let moments = backend.columnMoments(y)
        communicator.sum(moments)
        if communicator.rank == 0 { backend.accumulate(moments, scale: 1, into: result) }
      }
      return result.scalars
    }
    #expect(results[0] == results[1])
    #expect(results[0].contains { $0 != 0 })
  }
}

/// A communicator of which only the numbers are used.
private struct FixedRank: Communicator {
  let rank: Int
  let count: Int
  func barrier() {}
  func sum(_ tensor: Tensor) {}
  func gather(_ tensor: Tensor) -> Tensor { tensor }
}
