/// Which rows of a divided batch are this replica's.
package struct BatchShare: Sendable, Equatable {
  /// Rows of this replica among all, in rank order.
  package let rows: Range<Int>
  /// Rows of all replicas.
  package let total: Int

  /// Asks all replicas how many rows they hold; each must call it.
  package init(ownRows: Int, _ communicator: any Communicator) {
    let counts = communicator.gather(Tensor([Float(ownRows)], shape: [1, 1])).scalars
    let first = counts[..<communicator.rank].reduce(0) { $0 + Int($1) }
    rows = first..<first + ownRows
    total = counts.reduce(0) { $0 + Int($1) }
  }

  /// The row numbers, as targets of a cross-entropy.
  package var targets: [Int32] { rows.map { Int32($0) } }
}
