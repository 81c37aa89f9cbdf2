/// Where training stands, told after every optimiser step.
public struct TrainingProgress: Sendable, Equatable {
  /// The stage at work.
  public var stage: Stage
  /// Epochs finished over all stages.
  public var epoch: Int
  /// All epochs of the run.
  public var epochs: Int
  /// Steps finished in this epoch.
  public var step: Int
  /// Steps of this epoch.
  public var steps: Int
  /// Mean loss over the epoch so far.
  public var loss: Double
  /// Pairs trained on per second in this epoch.
  public var pairsPerSecond: Double
  /// Whether pairs are being scored (steps then count scoring batches).
  public var isScoring = false

  package init(
    stage: Stage, epoch: Int, epochs: Int, step: Int, steps: Int, loss: Double,
    pairsPerSecond: Double, isScoring: Bool = false
  ) {
    self.stage = stage
    self.epoch = epoch
    self.epochs = epochs
    self.step = step
    self.steps = steps
    self.loss = loss
    self.pairsPerSecond = pairsPerSecond
    self.isScoring = isScoring
  }
}
