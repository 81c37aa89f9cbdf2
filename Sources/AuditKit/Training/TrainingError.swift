/// Why training cannot go on.
public enum TrainingError: Error, CustomStringConvertible, Equatable {
  /// A stop was asked for; the last checkpoint stands.
  case stopped(completedEpochs: Int)
  /// The crawl is too small for contrastive learning.
  case tooFewPairs(count: Int, minimum: Int)
  /// Too few pairs are known to be clean for a method, or a setting, that learns from them alone.
  case tooFewTrusted(count: Int, minimum: Int)
  /// A setting has no meaning.
  case invalidSetting(name: String, value: String, expected: String)
  /// The loss is no longer a number.
  case diverged(epoch: Int, step: Int, learningRate: Float)
  /// The embeddings after an epoch, of so high a learning rate at its peak, are no longer numbers.
  case divergedEmbeddings(epoch: Int, learningRate: Float)
  /// A checkpoint that does not belong to this scan or is damaged.
  case unusableCheckpoint(path: String, reason: String)

  /// Whether this is a stop that was asked for.
  package var isStop: Bool {
    if case .stopped = self { true } else { false }
  }

  /// What was wrong and what to do.
  public var description: String {
    switch self {
    case .stopped(let epochs):
      "training was stopped after \(epochs) finished epochs; scan again with --resume to go on"
    case .tooFewPairs(let count, let minimum):
      "\(count) usable pairs are too few to train on; at least \(minimum) are needed"
    case .tooFewTrusted(let count, let minimum):
      """
      \(count) trusted pairs are too few to learn from; at least \(minimum) are needed, by their keys in a \
      file (--trusted)
      """
    case .invalidSetting(let name, let value, let expected):
      "\(name) is \(value), but must be \(expected)"
    case .diverged(let epoch, let step, let learningRate):
      """
      the loss is not a number any more in epoch \(epoch + 1), step \(step + 1), at a learning rate \
      of \(learningRate); scan again with a lower training.learningRate
      """
    case .divergedEmbeddings(let epoch, let learningRate):
      """
      training has diverged: after epoch \(epoch + 1), at learning rates up to \(learningRate), the model's embeddings are \
      not numbers any more; scan again with a lower training.learningRate
      """
    case .unusableCheckpoint(let path, let reason):
      "the checkpoint \(path) cannot be used: \(reason); scan without --resume to start over"
    }
  }
}
