import Synchronization

/// The pool of recent embeddings from which neighbours are taken: a ring of fixed capacity, newest
/// over oldest (Dwibedi et al., 2021, section 3.2).
///
/// One pool serves all replicas. It starts with random directions, which a batch or two displace.
package final class NearestNeighbourPool: Sendable {
  /// Unit rows, `[capacity, D]`.
  ///
  /// Written by `insert` only, while all replicas wait.
  package let rows: Tensor
  private let next: Mutex<Int>

  package var capacity: Int { rows.rowCount }

  /// The row that the next embedding displaces, the oldest.
  package var oldest: Int { next.withLock { $0 } }

  /// A pool of `capacity` random directions in `width` dimensions.
  package init(capacity: Int, width: Int, using generator: inout SeededGenerator) {
    precondition(capacity > 0 && width > 0, "a pool needs rows and columns")
    let rows = Tensor(uninitialized: [capacity, width])
    for row in 0..<capacity {
      let direction = generator.normals(width)
      let squares = direction.reduce(0.0) { $0 + Double($1) * Double($1) }
      for c in 0..<width { rows[row, c] = Float(Double(direction[c]) / squares.squareRoot()) }
    }
    self.rows = rows
    next = Mutex(0)
  }

  /// A pool as saved: what `rows` and `oldest` were.
  package init(rows: Tensor, oldest: Int) {
    precondition(
      rows.shape.count == 2 && (0..<rows.rowCount).contains(oldest),
      "row \(oldest) is not one of a pool of shape \(rows.shape)")
    self.rows = rows
    next = Mutex(oldest)
  }

  /// For each of this replica's `embeddings` `[n, D]` the nearest row by inner product, `[n, D]`,
  /// copied.
  package func nearest(to embeddings: Tensor, _ backend: any Backend) -> Tensor {
    backend.gatherRows(rows, backend.nearestRows(embeddings, in: rows))
  }

  /// Puts all replicas' `embeddings` `[n, D]` in, in rank order, in the place of the oldest.
  ///
  /// All replicas call it together, after they have looked up what they need.
  package func insert(_ embeddings: Tensor, _ communicator: any Communicator) {
    let all = communicator.gather(embeddings)
    if communicator.rank == 0 { insert(all) }
    communicator.barrier()
  }

  private func insert(_ all: Tensor) {
    precondition(
      all.columnCount == rows.columnCount,
      "embeddings \(all.shape) do not fit into a pool of shape \(rows.shape)")
    next.withLock { next in
      for row in max(0, all.rowCount - capacity)..<all.rowCount {
        for c in 0..<rows.columnCount { rows[next, c] = all[row, c] }
        next = (next + 1) % capacity
      }
    }
  }
}
