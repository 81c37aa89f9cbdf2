/// Looks along a descent direction for a step that satisfies the Wolfe conditions, by doubling
/// until such a step is bracketed and by halving the bracket after that (Lewis and Overton, 2013,
/// algorithm 2.6, doi:10.1007/s10107-012-0514-2).
///
/// With φ(t) the function along the direction, a step t is accepted that both
///
/// - descends far enough: φ(t) <= φ(0) + δ t φ'(0), and
/// - levels out: φ'(t) >= σ φ'(0).
///
/// Near a minimum the values of φ differ by less than their rounding errors while slopes still tell
/// more. So "far enough" is also a step that raises φ by at most ε |φ(0)| and has
/// φ'(t) <= (2 δ - 1) φ'(0), which is the same condition for a parabola (Hager and Zhang, 2005,
/// equation 4.1, doi:10.1137/030601880).
struct WolfeLineSearch {
  /// δ, which is also Hager and Zhang's choice.
  private static let sufficientDecrease = 0.1
  /// σ, the same.
  private static let curvature = 0.9
  /// ε, the same.
  private static let relativeRise = 1e-6
  /// Doubled or halved more often than this, a step is nowhere near the first.
  private static let maximumEvaluations = 60

  private let origin: LBFGS.Place
  private let direction: [Double]
  /// φ'(0), the slope at the origin.
  private let slope: Double

  /// A search from `origin` along `direction`.
  init(from origin: LBFGS.Place, along direction: [Double]) {
    self.origin = origin
    self.direction = direction
    slope = innerProduct(origin.evaluation.gradient, direction)
  }

  /// The place that a step reaches, nil where none was acceptable, and how often the function was
  /// asked.
  func run(
    firstStep: Double, _ objective: ([Double]) -> LBFGS.Evaluation
  ) -> (place: LBFGS.Place?, evaluations: Int) {
    guard slope < 0 else { return (nil, 0) }
    var (low, high) = (0.0, Double.infinity)
    var step = firstStep
    for evaluations in 1...Self.maximumEvaluations {
      let point = self.point(at: step)
      let place = LBFGS.Place(point: point, evaluation: objective(point))
      let slopeThere = innerProduct(place.evaluation.gradient, direction)
      if !descends(place.evaluation.value, slopeThere, step: step) {
        high = step
      } else if slopeThere < Self.curvature * slope {
        low = step
      } else {
        return (place, evaluations)
      }
      step = high.isFinite ? (low + high) / 2 : 2 * low
    }
    return (nil, Self.maximumEvaluations)
  }

  private func point(at step: Double) -> [Double] {
    var point = origin.point
    for index in point.indices { point[index] += step * direction[index] }
    return point
  }

  /// Whether `value` and slope at a step are low enough; false where they are not finite.
  private func descends(_ value: Double, _ slopeThere: Double, step: Double) -> Bool {
    guard value.isFinite, slopeThere.isFinite else { return false }
    let start = origin.evaluation.value
    let decrease = Self.sufficientDecrease
    if value <= start + decrease * step * slope { return true }
    return value <= start + Self.relativeRise * abs(start)
      && slopeThere <= (2 * decrease - 1) * slope
  }
}
