import NeuralKit

/// Rows among which neighbours are looked for, many times.
package struct NeighbourReferences: Sendable {
  /// `[M, D]`, of unit length.
  package let rows: Tensor
  let scalars: [Float]

  /// Copies the rows once.
  package init(_ rows: Tensor) {
    self.rows = rows
    scalars = rows.scalars
  }
}

extension Neighbours {
  /// Cosines that a search holds at a time unless told otherwise, 16 MiB.
  package static let defaultElementsPerBlock = 1 << 22

  /// The `k` nearest rows to each of `rows` `[N, D]` of unit length among the others.
  ///
  /// The search is exact. Rows whose cosine is above `cosineLimit` are left out as neighbours of
  /// each other. A row with NaN is nobody's neighbour and has none.
  ///
  /// Complexity: O(N² D) time, O(N (D + k) + `elementsPerBlock`) memory.
  package static func nearest(
    _ k: Int, among rows: Tensor, candidates: NeighbourCandidates = .all,
    cosineLimit: Float = .infinity, elementsPerBlock: Int = defaultElementsPerBlock,
    _ backend: any Backend
  ) -> Neighbours {
    let references = NeighbourReferences(rows)
    let search = NeighbourSearch(
      k: k, queries: rows, queryScalars: references.scalars, references: references,
      own: (0..<Int32(rows.rowCount)).map { $0 },
      eligibility: NeighbourEligibility(candidates, rowCount: rows.rowCount),
      cosineLimit: cosineLimit)
    return search.neighbours(elementsPerBlock: elementsPerBlock, backend)
  }

  /// The `k` nearest rows of `references` `[M, D]` to each of `queries` `[N, D]`, all of unit
  /// length.
  ///
  /// The search is exact. References whose cosine with the query is above `cosineLimit` are left
  /// out, and so is the reference that the query itself is, by `own` with -1 for none.
  ///
  /// Complexity: O(N M D) time, O((N + M) D + N k + `elementsPerBlock`) memory.
  package static func nearest(
    _ k: Int, to queries: Tensor, in references: NeighbourReferences, own: [Int32]? = nil,
    cosineLimit: Float = .infinity, elementsPerBlock: Int = defaultElementsPerBlock,
    _ backend: any Backend
  ) -> Neighbours {
    let search = NeighbourSearch(
      k: k, queries: queries, queryScalars: queries.scalars, references: references,
      own: own,
      eligibility: NeighbourEligibility(.all, rowCount: references.rows.rowCount),
      cosineLimit: cosineLimit)
    return search.neighbours(elementsPerBlock: elementsPerBlock, backend)
  }
}
