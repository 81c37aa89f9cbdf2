import Foundation
import NeuralKit

/// What a linear probe minimises, the mean loss of softmax regression with a penalty.
///
/// Over its weights W `[C, D]` and intercepts b `[C]`:
///
///     1/N Σᵢ -log softmax(W xᵢ + b)[yᵢ]  +  penalty/2 ‖W‖²
///
/// Products are taken in single precision, a block of rows at a time; sums over blocks, softmax and
/// losses in double precision.
struct SoftmaxObjective {
  private let features: Tensor
  private let labels: [Int]
  private let classCount: Int
  private let penalty: Double
  private let backend: any Backend

  /// The objective on `features` `[N, D]`, N at least 1, with labels in `0..<classCount`.
  init(
    features: Tensor, labels: [Int], classCount: Int, penalty: Double, _ backend: any Backend
  ) {
    self.features = features
    self.labels = labels
    self.classCount = classCount
    self.penalty = penalty
    self.backend = backend
  }

  /// The weights in row-major order, then the intercepts.
  var parameterCount: Int { weightCount + classCount }

  private var weightCount: Int { classCount * features.columnCount }

  /// Value and gradient at `parameters`.
  func callAsFunction(_ parameters: [Double]) -> LBFGS.Evaluation {
    let weights = Tensor(
      parameters[..<weightCount].map { Float($0) }, shape: [classCount, features.columnCount])
    let intercepts = Array(parameters[weightCount...])
    var loss = 0.0
    var gradient = [Double](repeating: 0, count: parameterCount)
    ClassScores(weights: weights, backend).forEachBlock(of: features) { rows, scores in
      let block = residuals(scores, intercepts: intercepts, labels: labels[rows])
      loss += block.loss
      add(block.residuals, rows: rows, to: &gradient)
    }
    return mean(loss: loss, gradient: gradient, parameters: parameters)
  }

  /// The summed loss of a block, and softmax less one at the label, `[rows, C]`.
  private func residuals(
    _ scores: [Float], intercepts: [Double], labels: ArraySlice<Int>
  ) -> (loss: Double, residuals: [Float]) {
    var residuals = [Float](repeating: 0, count: scores.count)
    var logits = [Double](repeating: 0, count: classCount)
    var (loss, start) = (0.0, 0)
    for label in labels {
      var largest = -Double.infinity
      for index in 0..<classCount {
        logits[index] = Double(scores[start + index]) + intercepts[index]
        largest = max(largest, logits[index])
      }
      let own = logits[label]
      var sum = 0.0
      for index in 0..<classCount {
        logits[index] = exp(logits[index] - largest)
        sum += logits[index]
      }
      for index in 0..<classCount {
        residuals[start + index] = Float(logits[index] / sum - (index == label ? 1 : 0))
      }
      loss += log(sum) + largest - own
      start += classCount
    }
    return (loss, residuals)
  }

  /// Adds a block's part of the gradient of the summed loss.
  private func add(_ residuals: [Float], rows: Range<Int>, to gradient: inout [Double]) {
    let product = backend.product(
      Tensor(residuals, shape: [rows.count, classCount]), transposed: true, features.rows(rows),
      transposed: false, scale: 1
    ).scalars
    for index in product.indices { gradient[index] += Double(product[index]) }
    for index in residuals.indices {
      gradient[weightCount + index % classCount] += Double(residuals[index])
    }
  }

  /// The mean over the rows with the penalty added.
  private func mean(
    loss: Double, gradient sum: [Double], parameters: [Double]
  ) -> LBFGS.Evaluation {
    let count = Double(features.rowCount)
    var gradient = sum.map { $0 / count }
    var squares = 0.0
    for index in 0..<weightCount {
      gradient[index] += penalty * parameters[index]
      squares += parameters[index] * parameters[index]
    }
    return LBFGS.Evaluation(value: loss / count + penalty / 2 * squares, gradient: gradient)
  }
}
