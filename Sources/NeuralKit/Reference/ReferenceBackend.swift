/// The operations of `Backend` as plain loops, one operation after the other as its formula says.
///
/// This is the documentation of what each operation means, and what fast backends are compared with.
/// Sums are kept in double precision, so that the differences seen in such a comparison are the
/// rounding of the other side. Nothing here is fast.
package struct ReferenceBackend: Backend {
  package init() {}
}

/// Traps where two shapes that must agree do not.
func requireEqual(_ a: [Int], _ b: [Int], _ operation: StaticString) {
  precondition(a == b, "\(operation): shapes \(a) and \(b) do not agree")
}

/// Traps where `vector` does not hold one element for each of `count` columns.
func requireColumns(_ vector: Tensor, _ count: Int, _ operation: StaticString) {
  precondition(
    vector.count == count, "\(operation): shape \(vector.shape) is not that of \(count) columns")
}
