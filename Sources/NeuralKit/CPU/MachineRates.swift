import CKernels
import Synchronization

/// What the processor and its memory can do at most, measured: what kernels and steps are held
/// against.
package enum MachineRates {
  /// Float32 operations per second of multiply-adds that never leave registers, all replicas
  /// together, over `seconds` of measuring and a tenth of it for warming up.
  package static func peak(_ replicas: ReplicaGroup, seconds: Double) -> Double {
    let level = CKLevel(rawValue: CPUBackend.Level.best.rawValue)
    return rate(replicas, seconds: seconds) { _ in
      var sink: Float = 0
      let done = ck_peak(level, &sink, 100_000)
      return sink.isNaN ? 0 : done
    }
  }

  /// Bytes per second of STREAM's triad, all replicas together.
  ///
  /// By STREAM's way of counting: two reads and a write an element. `bytes` are those of the three
  /// arrays together: several times the last cache's size.
  package static func bandwidth(_ replicas: ReplicaGroup, seconds: Double, bytes: Int) -> Double {
    let level = CKLevel(rawValue: CPUBackend.Level.best.rawValue)
    let count = max(1024, bytes / 12 / replicas.count)
    let arrays = (0..<replicas.count).map { _ in
      (0..<3).map { Tensor(repeating: Float($0), shape: [count]) }
    }
    return rate(replicas, seconds: seconds) { rank in
      let own = arrays[rank]
      ck_triad(level, own[0].pointer, own[1].pointer, own[2].pointer, 3, count)
      return Double(12 * count)
    }
  }

  /// How much `work` gets done per second by all replicas at once.
  ///
  /// Each replica repeats `body`, which returns the amount done, until `seconds` are over; the rates
  /// of all are added. A first tenth of the time is not counted.
  package static func rate(
    _ replicas: ReplicaGroup, seconds: Double, _ body: @escaping @Sendable (_ rank: Int) -> Double
  ) -> Double {
    let total = Mutex(0.0)
    replicas.run { communicator in
      _ = amount(for: seconds / 10, rank: communicator.rank, body)
      communicator.barrier()
      let (done, elapsed) = amount(for: seconds, rank: communicator.rank, body)
      total.withLock { $0 += done / elapsed }
    }
    return total.withLock(\.self)
  }

  private static func amount(
    for seconds: Double, rank: Int, _ body: (Int) -> Double
  ) -> (done: Double, elapsed: Double) {
    let start = ContinuousClock.now
    var done = 0.0
    var elapsed = 0.0
    repeat {
      done += body(rank)
      let parts = (ContinuousClock.now - start).components
      elapsed = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    } while elapsed < seconds
    return (done, elapsed)
  }
}
