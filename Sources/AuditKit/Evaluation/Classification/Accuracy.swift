import AuditRisk

/// The share of images that are classified as their labels say, with Wilson's 95 % interval.
package enum Accuracy {
  /// The share of `predictions` that equal the label at the same place; nil without an image.
  package static func estimate(predictions: [Int], labels: [Int]) -> IntervalEstimate? {
    precondition(
      predictions.count == labels.count, "\(predictions.count) predictions, \(labels.count) labels")
    return estimate(areCorrect: predictions.indices.map { predictions[$0] == labels[$0] })
  }

  /// The share of images that are right by whatever measure, such as among the top five classes;
  /// nil without an image.
  package static func estimate(areCorrect: [Bool]) -> IntervalEstimate? {
    IntervalEstimate(successes: areCorrect.count { $0 }, trials: areCorrect.count)
  }
}
