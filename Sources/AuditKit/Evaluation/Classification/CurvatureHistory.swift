/// The last steps of a minimisation and how the gradient changed along them: an approximation of
/// the inverse Hessian that is never written out.
struct CurvatureHistory {
  private struct Entry {
    /// s, the step.
    let step: [Double]
    /// y, the gradient's change.
    let change: [Double]
    /// s · y, positive.
    let product: Double
  }

  private let capacity: Int
  /// Oldest first.
  private var entries: [Entry] = []

  /// A history that forgets all but the last `capacity` steps.
  init(capacity: Int) {
    precondition(capacity > 0, "a history needs room for a step")
    self.capacity = capacity
  }

  var isEmpty: Bool { entries.isEmpty }

  mutating func removeAll() { entries.removeAll() }

  /// Remembers a step, unless the function curves downward along it by what rounding has left.
  mutating func add(from old: LBFGS.Place, to new: LBFGS.Place) {
    let step = difference(new.point, old.point)
    let change = difference(new.evaluation.gradient, old.evaluation.gradient)
    let product = innerProduct(step, change)
    guard product > Double.ulpOfOne * innerProduct(change, change) else { return }
    if entries.count == capacity { entries.removeFirst() }
    entries.append(Entry(step: step, change: change, product: product))
  }

  /// The descent direction -H g by the two-loop recursion, with H₀ = (s · y / y · y) I of the last
  /// step (Nocedal and Wright, 2006, algorithm 7.4 and equation 7.20).
  func direction(against gradient: [Double]) -> [Double] {
    var direction = gradient.map { -$0 }
    guard let last = entries.last else { return direction }
    var weights = [Double](repeating: 0, count: entries.count)
    for index in entries.indices.reversed() {
      let entry = entries[index]
      weights[index] = innerProduct(entry.step, direction) / entry.product
      add(entry.change, scale: -weights[index], to: &direction)
    }
    let scale = last.product / innerProduct(last.change, last.change)
    for index in direction.indices { direction[index] *= scale }
    for index in entries.indices {
      let entry = entries[index]
      let correction = innerProduct(entry.change, direction) / entry.product
      add(entry.step, scale: weights[index] - correction, to: &direction)
    }
    return direction
  }

  private func add(_ vector: [Double], scale: Double, to sum: inout [Double]) {
    for index in sum.indices { sum[index] += scale * vector[index] }
  }

  private func difference(_ left: [Double], _ right: [Double]) -> [Double] {
    left.indices.map { left[$0] - right[$0] }
  }
}

/// The sum of products of corresponding components.
func innerProduct(_ left: [Double], _ right: [Double]) -> Double {
  var sum = 0.0
  for index in left.indices { sum += left[index] * right[index] }
  return sum
}
