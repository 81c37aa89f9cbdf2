import AuditRisk
import NeuralKit

extension TrainingConfiguration {
  /// Fewer pairs than this have no meaningful batch statistics and no negatives.
  package static let minimumPairs = 16

  /// Throws `TrainingError` for the first setting that has no meaning.
  public func validate(pairCount: Int) throws(TrainingError) {
    guard pairCount >= Self.minimumPairs else {
      throw .tooFewPairs(count: pairCount, minimum: Self.minimumPairs)
    }
    try require("batchSize", batchSize, batchSize >= 2, "at least 2")
    try require("warmUpEpochs", warmUpEpochs, warmUpEpochs >= 0, "0 or more")
    try require("slowPasses", slowPasses, slowPasses >= 0, "0 or more")
    try require("neighbours", neighbours, (0...1024).contains(neighbours), "from 0 to 1024")
    try require(
      "duplicateCosine", duplicateCosine, duplicateCosine > 0 && duplicateCosine <= 1,
      "above 0 and at most 1")
    try requireShare("nearestImagesWeight", Double(nearestImagesWeight))
    try require(
      "nearestCaptionsWeight", nearestCaptionsWeight,
      nearestCaptionsWeight >= 0 && nearestImagesWeight + nearestCaptionsWeight <= 1,
      "from 0 to 1 - training.nearestImagesWeight, \(1 - nearestImagesWeight)")
    try require(
      "neighbourReferences", neighbourReferences, neighbourReferences > neighbours,
      "more than training.neighbours, \(neighbours)")
    try require("poolCapacity", poolCapacity, poolCapacity >= 0, "0 or more")
    try requireShare("safeThreshold", safeThreshold)
    try requireShare("firstSafeShareCap", firstSafeShareCap)
    try requireShare("falseAcceptLimit", falseAcceptLimit)
    try requireShare("growthShare", growthShare)
    try requireShare("safeShareCap", safeShareCap)
    try requireShare("rescoreShare", rescoreShare)
    try requireShare("leastAlignment", leastAlignment)
    try require(
      "slowLeastGain", slowLeastGain, (-1...1).contains(slowLeastGain), "from -1 to 1")
    try requireShare("slowFinalLearningRateShare", Double(slowFinalLearningRateShare))
    try require(
      "watchShare", watchShare, (0...0.5).contains(watchShare), "from 0 to 0.5")
    try require(
      "logitScaleLimit", logitScaleLimit, logitScaleLimit >= 1 && logitScaleLimit <= 1e6,
      "from 1 to 1000000")
    try require(
      "logitScaleStart", logitScaleStart,
      logitScaleStart >= 1 && logitScaleStart <= logitScaleLimit,
      "from 1 to training.logitScaleLimit, \(logitScaleLimit)")
    try require("matchingFrequency", matchingFrequency, matchingFrequency >= 1, "at least 1")
    try requireShare("matchingPoolShare", matchingPoolShare)
    try require("watchMinimum", watchMinimum, watchMinimum >= 2, "at least 2")
    try require("watchLimit", watchLimit, watchLimit >= 2, "at least 2")
    for (name, rate) in [
      ("learningRate", learningRate), ("warmUpLearningRate", warmUpLearningRate),
      ("slowLearningRate", slowLearningRate), ("cleaningLearningRate", cleaningLearningRate),
    ] {
      try require(name, rate, rate > 0 && rate < 1, "above 0 and below 1")
    }
    if method == .safeclip {
      try require(
        "warmUpEpochs", warmUpEpochs, warmUpEpochs + slowPasses > 0,
        "above 0 where training.slowPasses is 0: the split needs a model that has seen the crawl")
      try require(
        "epochs", epochs, epochs >= warmUpEpochs + slowPasses,
        "at least the \(warmUpEpochs + slowPasses) of warm-up and slow passes")
    } else {
      try require("cleaningEpochs", cleaningEpochs, cleaningEpochs >= 0, "0 or more")
      if method == .cleanclip {
        try require(
          "epochs", epochs, epochs > cleaningEpochs,
          "more than training.cleaningEpochs, \(cleaningEpochs)")
      }
      try require("epochs", epochs, epochs > 0, "above 0")
    }
  }

  private func require(
    _ name: String, _ value: some Any, _ condition: Bool, _ expected: String
  ) throws(TrainingError) {
    guard condition else {
      throw .invalidSetting(name: "training.\(name)", value: "\(value)", expected: expected)
    }
  }

  private func requireShare(_ name: String, _ value: Double) throws(TrainingError) {
    try require(name, value, (0...1).contains(value), "between 0 and 1")
  }

  /// The optimiser's part.
  package var optimiser: AdamWConfiguration {
    var optimiser = AdamWConfiguration()
    optimiser.beta1 = beta1
    optimiser.beta2 = beta2
    optimiser.epsilon = epsilon
    optimiser.weightDecay = weightDecay
    return optimiser
  }

  /// The safe set's part.
  package var safeSet: SafeSetConfiguration {
    var safeSet = SafeSetConfiguration()
    safeSet.safeThreshold = safeThreshold
    safeSet.minimumShare = safeShareMinimum
    safeSet.firstSafeShareCap = firstSafeShareCap
    safeSet.falseAcceptLimit = falseAcceptLimit
    safeSet.growthShare = growthShare
    safeSet.safeShareCap = safeShareCap
    safeSet.rescoreShare = rescoreShare
    safeSet.alignmentTolerance = alignmentTolerance
    safeSet.leastAlignment = leastAlignment
    return safeSet
  }
}
