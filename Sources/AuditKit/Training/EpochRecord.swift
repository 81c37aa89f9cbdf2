import AuditRisk

/// What one epoch leaves for the report.
public struct EpochRecord: Sendable, Codable, Equatable {
  /// Counted from 0 over all stages.
  public var epoch: Int
  /// The stage it belongs to.
  public var stage: Stage
  /// Mean of the stage's joint loss over its steps.
  public var loss: Double
  /// Mean CLIP loss, where the stage has one.
  public var clipLoss: Double?
  /// Mean unimodal loss (images and captions averaged), where the stage has one.
  public var unimodalLoss: Double?
  /// Learning rate of the last step.
  public var learningRate: Double
  /// exp(logit scale) at the end.
  public var logitScale: Double
  /// AUC between true and shuffled pairs on the alignment sample, by the scores that the epoch left: those before it, where
  /// a slow pass gained too little.
  public var alignment: Double
  /// Wall-clock time of training and scoring.
  public var seconds: Double
  /// How much of it went to scoring pairs and choosing the safe set.
  public var scoringSeconds: Double
  /// Optimiser steps.
  public var steps: Int
  /// Whether another stage, or nothing, comes after it.
  public var endsStage: Bool

  package init(
    epoch: Int, stage: Stage, loss: Double, clipLoss: Double?, unimodalLoss: Double?,
    learningRate: Double, logitScale: Double, alignment: Double, seconds: Double, steps: Int,
    scoringSeconds: Double = 0, endsStage: Bool = false
  ) {
    self.epoch = epoch
    self.stage = stage
    self.loss = loss
    self.clipLoss = clipLoss
    self.unimodalLoss = unimodalLoss
    self.learningRate = learningRate
    self.logitScale = logitScale
    self.alignment = alignment
    self.seconds = seconds
    self.scoringSeconds = scoringSeconds
    self.steps = steps
    self.endsStage = endsStage
  }
}
