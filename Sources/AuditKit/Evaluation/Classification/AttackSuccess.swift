import AuditRisk

/// How often an attack reaches its aim.
package enum AttackSuccess {
  /// The share of images that are classified as the class which the attacker chose for them, with
  /// Wilson's 95 % interval; nil without an image.
  ///
  /// `adversarialClasses` has one class an image: targets of targeted poisoning have one each,
  /// images with a backdoor's trigger share one. Images that belong to their adversarial class
  /// anyway should be left out by the caller, since they would count as successes without any
  /// attack. The interval takes images as independent: where the same ones are there several times, each with
  /// another trigger, `distinctImages` says how many they are.
  package static func rate(
    predictions: [Int], adversarialClasses: [Int], distinctImages: Int? = nil
  ) -> IntervalEstimate? {
    precondition(
      predictions.count == adversarialClasses.count,
      "\(predictions.count) predictions, \(adversarialClasses.count) adversarial classes")
    let rate = Accuracy.estimate(predictions: predictions, labels: adversarialClasses)
    guard let rate, let distinctImages, distinctImages < predictions.count else { return rate }
    return IntervalEstimate(proportion: rate.value, trials: distinctImages)
  }
}
