/// Minimises smooth functions of many variables: the limited-memory method of Broyden, Fletcher,
/// Goldfarb and Shanno (Liu and Nocedal, 1989, doi:10.1007/BF01589116; Nocedal and Wright, 2006,
/// algorithm 7.5).
package struct LBFGS: Sendable, Hashable {
  /// A function's value and gradient at one point.
  package struct Evaluation: Sendable, Hashable {
    /// The function's value.
    package let value: Double
    /// Its derivative by each variable.
    package let gradient: [Double]

    /// An evaluation of these parts.
    package init(value: Double, gradient: [Double]) {
      self.value = value
      self.gradient = gradient
    }
  }

  /// How a minimisation ended.
  package enum Outcome: String, Sendable, Codable, CaseIterable {
    /// No component of the gradient exceeds the tolerance.
    case converged
    /// The iterations were used up first.
    case iterationLimit
    /// No step along the steepest descent was acceptable: the function has no minimum, is not
    /// finite, or is not computed precisely enough for the tolerance.
    case stalled
  }

  /// Where a minimisation ended.
  package struct Solution: Sendable, Hashable {
    /// The last point.
    package let point: [Double]
    /// The function's value there.
    package let value: Double
    /// The largest magnitude of the gradient's components; NaN where one is.
    package let gradientMaximum: Double
    /// Directions searched.
    package let iterations: Int
    /// Points at which the function was asked for.
    package let evaluations: Int
    /// How it ended.
    package let outcome: Outcome
  }

  /// How many steps the approximation of the Hessian remembers.
  package var memory = 10
  /// Stops when no component of the gradient exceeds this in magnitude.
  package var gradientTolerance = 1e-6
  /// Stops after this many directions in any case.
  package var maximumIterations = 1_000

  /// The defaults.
  package init() {}
}

extension LBFGS {
  /// Follows `objective` downward from `start`.
  ///
  /// Complexity: O(memory · variables) an iteration, beside the objective's own cost.
  package func minimize(
    from start: [Double], _ objective: ([Double]) -> Evaluation
  ) -> Solution {
    var place = Place(point: start, evaluation: objective(start))
    var history = CurvatureHistory(capacity: memory)
    var (iterations, evaluations) = (0, 1)
    func solution(_ outcome: Outcome) -> Solution {
      Solution(
        point: place.point, value: place.evaluation.value, gradientMaximum: place.gradientMaximum,
        iterations: iterations, evaluations: evaluations, outcome: outcome)
    }
    while true {
      guard place.evaluation.value.isFinite, place.gradientMaximum.isFinite else {
        return solution(.stalled)
      }
      if place.gradientMaximum <= gradientTolerance { return solution(.converged) }
      if iterations >= maximumIterations { return solution(.iterationLimit) }
      let direction = history.direction(against: place.evaluation.gradient)
      // The first direction has the gradient's scale, which says nothing about a step's length.
      let firstStep = history.isEmpty ? min(1, 1 / place.gradientLength) : 1
      let search = WolfeLineSearch(from: place, along: direction)
      let found = search.run(firstStep: firstStep, objective)
      iterations += 1
      evaluations += found.evaluations
      if let next = found.place {
        history.add(from: place, to: next)
        place = next
      } else if history.isEmpty {
        return solution(.stalled)
      } else {
        history.removeAll()
      }
    }
  }

  /// A point and what the function is there.
  struct Place {
    let point: [Double]
    let evaluation: Evaluation

    /// The largest magnitude of the gradient's components; NaN where one is.
    var gradientMaximum: Double {
      var largest = 0.0
      for component in evaluation.gradient {
        if component.isNaN { return .nan }
        largest = max(largest, abs(component))
      }
      return largest
    }

    /// The Euclidean length of the gradient.
    var gradientLength: Double {
      innerProduct(evaluation.gradient, evaluation.gradient).squareRoot()
    }
  }
}
