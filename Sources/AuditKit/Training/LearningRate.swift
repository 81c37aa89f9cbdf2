import Foundation

/// The learning rate of a stage as a function of its progress.
package struct LearningRate: Sendable {
  package let peak: Float
  /// At the end of the cosine, as a share of the peak; 1: constant after the rise.
  package let finalShare: Float
  /// Steps of linear rise; 0: none.
  package let warmUpSteps: Int

  package init(peak: Float, finalShare: Float, warmUpSteps: Int) {
    self.peak = peak
    self.finalShare = finalShare
    self.warmUpSteps = warmUpSteps
  }

  /// The rate at a step, counted from 0 in the stage, with `progress` in 0...1 through the stage.
  ///
  /// Progress is counted in epochs because a mixed epoch's number of steps follows the safe set and is
  /// not known ahead.
  package func rate(step: Int, progress: Double) -> Float {
    let rise = warmUpSteps > 0 ? min(1, Float(step + 1) / Float(warmUpSteps)) : 1
    let cosine = Float(0.5 * (1 + cos(Double.pi * min(1, max(0, progress)))))
    return peak * rise * (finalShare + (1 - finalShare) * cosine)
  }
}
