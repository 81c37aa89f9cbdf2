/// What one epoch did and found.
public struct EpochRow: Sendable, Codable, Equatable {
  /// Counted from 0 over all stages.
  public var number: Int
  /// The stage it belongs to, such as "warmUp".
  public var stage: String
  /// Optimiser steps.
  public var steps: Int
  /// Wall-clock time of training and scoring.
  public var seconds: Double
  /// Mean of the stage's joint loss over its steps.
  public var loss: Double
  /// Mean CLIP loss, where the stage has one.
  public var clipLoss: Double?
  /// Mean unimodal loss, where the stage has one.
  public var unimodalLoss: Double?
  /// Learning rate of the last step.
  public var learningRate: Double
  /// exp(logit scale) at the end.
  public var logitScale: Double
  /// AUC between cosines of true and of shuffled pairs, in 0...1.
  public var alignment: Double?
  /// The mixture that was fitted, where one was.
  public var mixture: MixtureRow?
  /// The similarities' distribution, where pairs were scored.
  public var histogram: SimilarityHistogram?
  /// Pairs in the safe set after the epoch's decision.
  public var safeCount: Int?
  /// `safeCount` over the number of pairs.
  public var safeShare: Double?
  /// Why the safe set grew, stayed, or fell back to another rule.
  public var decisionReason: String?

  /// An epoch without mixture, histogram and safe set, which can be set afterwards.
  public init(
    number: Int, stage: String, steps: Int, seconds: Double, loss: Double, clipLoss: Double? = nil,
    unimodalLoss: Double? = nil, learningRate: Double, logitScale: Double, alignment: Double? = nil
  ) {
    self.number = number
    self.stage = stage
    self.steps = steps
    self.seconds = seconds
    self.loss = loss
    self.clipLoss = clipLoss
    self.unimodalLoss = unimodalLoss
    self.learningRate = learningRate
    self.logitScale = logitScale
    self.alignment = alignment
  }
}
