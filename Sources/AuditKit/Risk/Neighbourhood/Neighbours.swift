/// The nearest neighbours of each of `N` rows by cosine, nearest first.
///
/// Rows of unit length have distance sqrt(2 - 2 cos), so the order by cosine is that by Euclidean
/// distance.
package struct Neighbours: Sendable, Equatable {
  /// Rows whose neighbours these are, `N`.
  package let rowCount: Int
  /// Neighbours that were asked for.
  package let k: Int
  /// `[N, k]`: the neighbours' rows; -1 at the end where there are fewer than `k`.
  package let indices: [Int32]
  /// `[N, k]`: Euclidean distances, ascending, ties in the order of the rows; infinite where there
  /// is no neighbour.
  package let distances: [Float]
  /// `[N]`: neighbours found.
  package let counts: [Int32]

  init(rowCount: Int, k: Int, indices: [Int32], distances: [Float], counts: [Int32]) {
    self.rowCount = rowCount
    self.k = k
    self.indices = indices
    self.distances = distances
    self.counts = counts
  }

  /// The nearest rows to `row`, at most `limit` of them.
  package func indices(of row: Int, first limit: Int = .max) -> ArraySlice<Int32> {
    indices[range(of: row, first: limit)]
  }

  /// The distances of the nearest rows to `row`, at most `limit` of them.
  package func distances(of row: Int, first limit: Int = .max) -> ArraySlice<Float> {
    distances[range(of: row, first: limit)]
  }

  private func range(of row: Int, first limit: Int) -> Range<Int> {
    row * k..<row * k + min(Int(counts[row]), limit)
  }
}
