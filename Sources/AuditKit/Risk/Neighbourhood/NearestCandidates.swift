/// A row that may be a neighbour.
struct NeighbourCandidate: Comparable {
  /// What grows with the distance; ties are in the order of the rows.
  let separation: Float
  let index: Int32

  static func < (left: Self, right: Self) -> Bool {
    left.separation == right.separation
      ? left.index < right.index : left.separation < right.separation
  }
}

/// The nearest of the candidates seen so far.
///
/// They are gathered until there are twice as many as wanted, then sorted and cut. Whatever the
/// order in which they come, that costs O(log capacity) a candidate, and in random order almost all
/// of them fail the test against `limit` that comes before.
struct NearestCandidates {
  private let capacity: Int
  private var members: [NeighbourCandidate] = []
  /// Later candidates of this separation or more are not among the nearest.
  private(set) var limit = Float.infinity

  init(capacity: Int) {
    self.capacity = capacity
    members.reserveCapacity(2 * capacity)
  }

  mutating func insert(_ candidate: NeighbourCandidate) {
    members.append(candidate)
    if members.count >= 2 * capacity { cut() }
  }

  /// The nearest candidates in ascending order; none is kept.
  mutating func takeAll() -> [NeighbourCandidate] {
    cut()
    let nearest = members
    members.removeAll(keepingCapacity: true)
    limit = .infinity
    return nearest
  }

  private mutating func cut() {
    members.sort()
    guard members.count >= capacity, let last = members.prefix(capacity).last else { return }
    members.removeLast(members.count - capacity)
    limit = last.separation
  }
}
