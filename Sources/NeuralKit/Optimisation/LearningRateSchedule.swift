import Foundation

/// The learning rate as a function of the step, counted from 0.
package struct LearningRateSchedule: Codable, Sendable, Hashable {
  /// The course after the warm-up.
  package enum Shape: String, Codable, Sendable {
    case constant
    /// Half a cosine from the peak to zero (Loshchilov and Hutter, 2017).
    case cosine
  }

  package let shape: Shape
  /// The rate at the end of the warm-up.
  package let peak: Float
  /// Steps over which the rate rises in equal parts, reaching the peak with the last of them.
  package let warmUpSteps: Int
  /// Steps in all, those of the warm-up included.
  package let totalSteps: Int

  /// A rate that does not change.
  package static func constant(_ rate: Float) -> LearningRateSchedule {
    LearningRateSchedule(shape: .constant, peak: rate, warmUpSteps: 0, totalSteps: 0)
  }

  /// A linear rise over `warmUpSteps`, then half a cosine to zero at `totalSteps`.
  package static func cosine(
    peak: Float, warmUpSteps: Int, totalSteps: Int
  ) -> LearningRateSchedule {
    LearningRateSchedule(
      shape: .cosine, peak: peak, warmUpSteps: warmUpSteps, totalSteps: totalSteps)
  }

  package init(shape: Shape, peak: Float, warmUpSteps: Int, totalSteps: Int) {
    self.shape = shape
    self.peak = peak
    self.warmUpSteps = max(0, warmUpSteps)
    self.totalSteps = totalSteps
  }

  /// The rate of step `step`; a cosine stays at zero from `totalSteps` on.
  package func rate(at step: Int) -> Float {
    if step < warmUpSteps { return peak * Float(step + 1) / Float(warmUpSteps) }
    switch shape {
    case .constant:
      return peak
    case .cosine:
      guard step < totalSteps else { return 0 }
      let progress = Double(step - warmUpSteps) / Double(totalSteps - warmUpSteps)
      return Float(Double(peak) * 0.5 * (1 + Foundation.cos(.pi * progress)))
    }
  }
}
