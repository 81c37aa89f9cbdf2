import NeuralKit

/// A search for nearest rows, a block of queries at a time.
///
/// Cosines in single precision preselect: they are products of whole blocks, but cannot tell
/// distances below 3e-4 from 0, nor rows whose cosines differ by rounding. So a few rows more than
/// `k` are kept, and the distances of these are measured on the rows' differences.
struct NeighbourSearch {
  /// Rows beyond `k` whose distances are measured.
  private static let spareCount = 16

  let k: Int
  /// `[N, D]`.
  let queries: Tensor
  let queryScalars: [Float]
  let references: NeighbourReferences
  /// The reference that each query itself is, -1 for none; nil where no query is a reference.
  let own: [Int32]?
  let eligibility: NeighbourEligibility
  let cosineLimit: Float

  func neighbours(elementsPerBlock: Int, _ backend: any Backend) -> Neighbours {
    precondition(k > 0, "\(k) neighbours were asked for")
    precondition(
      own.map { $0.count == queries.rowCount } ?? true, "not as many places as queries")
    precondition(
      queries.columnCount == references.rows.columnCount,
      "neighbours of \(queries.shape) in \(references.rows.shape)")
    let (count, width) = (queries.rowCount, references.rows.rowCount)
    var indices = [Int32](repeating: -1, count: count * k)
    var distances = [Float](repeating: .infinity, count: count * k)
    var counts = [Int32](repeating: 0, count: count)
    var nearest = NearestCandidates(capacity: k + Self.spareCount)
    let blockSize = max(1, elementsPerBlock / max(1, width))
    for start in stride(from: 0, to: width > 0 ? count : 0, by: blockSize) {
      let rows = start..<min(count, start + blockSize)
      let cosines = backend.product(
        queries.rows(rows), transposed: false, references.rows, transposed: true, scale: 1
      ).scalars
      for row in rows {
        select(of: row, cosines, from: (row - start) * width, into: &nearest)
        let found = measured(nearest.takeAll(), from: row).prefix(k)
        counts[row] = Int32(found.count)
        for (place, neighbour) in found.enumerated() {
          indices[row * k + place] = neighbour.index
          distances[row * k + place] = neighbour.separation
        }
      }
    }
    return Neighbours(
      rowCount: count, k: k, indices: indices, distances: distances, counts: counts)
  }

  /// Offers all candidates of `row`, whose cosines begin at `offset`.
  private func select(
    of row: Int, _ cosines: [Float], from offset: Int, into nearest: inout NearestCandidates
  ) {
    let own = own.map { Int($0[row]) } ?? -1
    for column in 0..<references.rows.rowCount {
      let cosine = cosines[offset + column]
      // False for NaN.
      guard -cosine < nearest.limit else { continue }
      guard cosine <= cosineLimit, column != own, eligibility.allows(row, column) else { continue }
      nearest.insert(NeighbourCandidate(separation: -cosine, index: Int32(column)))
    }
  }

  /// The candidates with their Euclidean distances from `row`, ascending.
  private func measured(
    _ candidates: [NeighbourCandidate], from row: Int
  ) -> [NeighbourCandidate] {
    let width = references.rows.columnCount
    let own = row * width
    let measured = candidates.map { candidate in
      let other = Int(candidate.index) * width
      var sum = 0.0
      for column in 0..<width {
        let difference = queryScalars[own + column] - references.scalars[other + column]
        sum += Double(difference) * Double(difference)
      }
      return NeighbourCandidate(separation: Float(sum.squareRoot()), index: candidate.index)
    }
    return measured.sorted()
  }
}
