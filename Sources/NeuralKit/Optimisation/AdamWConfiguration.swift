/// The constants of AdamW; the learning rate is a schedule's.
package struct AdamWConfiguration: Codable, Sendable, Hashable {
  package var beta1: Float = 0.9
  package var beta2: Float = 0.999
  package var epsilon: Float = 1e-8
  /// Per unit of learning rate; not applied to norms, biases and the logit scale.
  package var weightDecay: Float = 0.1
  /// Gradients longer than this are scaled down to it; nil: never.
  package var gradientNormLimit: Float?

  package init() {}
}
