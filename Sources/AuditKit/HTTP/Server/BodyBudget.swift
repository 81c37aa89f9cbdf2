import Synchronization

/// What the bodies of all requests may take together: many clients must not hold what one of them may.
final class BodyBudget: Sendable {
  private let limit: Int
  private let taken = Mutex(0)

  init(limit: Int) { self.limit = limit }

  /// A share of it, with nothing in it yet.
  func lease() -> Lease { Lease(self) }

  private func take(_ count: Int) throws(RequestFault) {
    let isThere = taken.withLock { taken in
      guard count <= limit - taken else { return false }
      taken += count
      return true
    }
    guard isThere else { throw .tooManyBodies(limit: limit) }
  }

  /// What one body takes, given back when it is no longer held.
  final class Lease: Sendable {
    private let budget: BodyBudget
    private let count = Mutex(0)

    fileprivate init(_ budget: BodyBudget) { self.budget = budget }

    deinit {
      let count = count.withLock { $0 }
      budget.taken.withLock { $0 -= count }
    }

    /// Takes more.
    func grow(by more: Int) throws(RequestFault) {
      try budget.take(more)
      count.withLock { $0 += more }
    }
  }
}
