import Foundation

extension ReferenceBackend {
  package func crossEntropy(
    _ logits: Tensor, targets: [Int32], gradientScale: Float
  ) -> (losses: Tensor, gradient: Tensor) {
    precondition(
      targets.count == logits.rowCount,
      "crossEntropy: \(targets.count) targets for logits \(logits.shape)")
    let losses = Tensor(uninitialized: [logits.rowCount])
    let gradient = Tensor(uninitialized: logits.shape)
    for (r, target) in targets.enumerated() {
      let row = (0..<logits.columnCount).map { Double(logits[r, $0]) }
      precondition(
        row.indices.contains(Int(target)),
        "crossEntropy: target \(target) does not lie in \(logits.shape)")
      let largest = row.max() ?? 0
      let total = row.reduce(0) { $0 + exp($1 - largest) }
      losses[element: r] = Float(log(total) + largest - row[Int(target)])
      for (c, logit) in row.enumerated() {
        let probability = exp(logit - largest) / total
        gradient[r, c] = gradientScale * Float(probability - (c == Int(target) ? 1 : 0))
      }
    }
    return (losses, gradient)
  }

  package func nearestRows(_ queries: Tensor, in pool: Tensor) -> [Int32] {
    precondition(
      queries.columnCount == pool.columnCount && pool.rowCount > 0,
      "nearestRows: \(queries.shape) in \(pool.shape)")
    return (0..<queries.rowCount).map { row in
      var (best, largest) = (0, -Double.infinity)
      for candidate in 0..<pool.rowCount {
        let product = (0..<pool.columnCount).reduce(0.0) {
          $0 + Double(queries[row, $1]) * Double(pool[candidate, $1])
        }
        if product > largest { (best, largest) = (candidate, product) }
      }
      return Int32(best)
    }
  }

  package func total(_ x: Tensor) -> Double {
    (0..<x.count).reduce(0.0) { $0 + Double(x[element: $1]) }
  }

  package func innerProduct(_ x: Tensor, _ y: Tensor) -> Double {
    precondition(x.count == y.count, "innerProduct: shapes \(x.shape) and \(y.shape)")
    return (0..<x.count).reduce(0.0) { $0 + Double(x[element: $1]) * Double(y[element: $1]) }
  }

  package func adamWInPlace(
    values: Tensor, gradients: Tensor, firstMoments: Tensor, secondMoments: Tensor,
    step: AdamWStep
  ) {
    for other in [gradients, firstMoments, secondMoments] {
      precondition(other.count == values.count, "adamW: \(values.shape) and \(other.shape)")
    }
    let (beta1, beta2) = (Double(step.beta1), Double(step.beta2))
    let firstCorrection = 1 - pow(beta1, Double(step.number))
    let secondCorrection = 1 - pow(beta2, Double(step.number))
    let rate = Double(step.learningRate)
    for i in 0..<values.count {
      let gradient = Double(gradients[element: i] * step.gradientScale)
      let first = beta1 * Double(firstMoments[element: i]) + (1 - beta1) * gradient
      let second = beta2 * Double(secondMoments[element: i]) + (1 - beta2) * gradient * gradient
      let decayed = Double(values[element: i]) * (1 - rate * Double(step.weightDecay))
      let deviation = (second / secondCorrection).squareRoot() + Double(step.epsilon)
      values[element: i] = Float(decayed - rate * (first / firstCorrection) / deviation)
      firstMoments[element: i] = Float(first)
      secondMoments[element: i] = Float(second)
    }
  }
}
