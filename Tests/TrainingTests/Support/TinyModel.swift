import AuditEncoders
import AuditTraining
import AuditWords
import NeuralKit

/// Models that train in a second.
enum TinyModel: String, CaseIterable, Sendable {
  /// With batch norm, whose statistics are state as well.
  case resNet
  /// Without any buffer.
  case transformer

  static let contextLength = 12

  func model(vocabularySize: Int) throws -> CLIPModel {
    let text = TextConfiguration(
      contextLength: Self.contextLength, vocabularySize: vocabularySize, width: 32, heads: 2,
      layers: 1)
    let vision =
      switch self {
      case .resNet:
        VisionConfiguration(
          layers: .resNet([1, 1, 1, 1]), width: 4, headWidth: 32, imageSize: SyntheticCrawl.edge)
      case .transformer:
        VisionConfiguration(
          layers: .transformer(1), width: 32, headWidth: 16, patchSize: 8,
          imageSize: SyntheticCrawl.edge)
      }
    return try CLIPModel(CLIPConfiguration(embeddingWidth: 32, vision: vision, text: text))
  }
}

extension Trainer {
  /// A trainer of a tiny model on a synthetic crawl.
  init(
    _ kind: TinyModel, _ crawl: SyntheticCrawl, _ configuration: TrainingConfiguration,
    replicas: Int = 1, seed: UInt64
  ) throws {
    let views = try crawl.views(seed: seed)
    self.init(
      configuration: configuration,
      model: try kind.model(vocabularySize: views.tokenizer.vocabularySize), views: views,
      replicas: ReplicaGroup(count: replicas), backend: CPUBackend(), seed: seed)
  }

  /// A model at its start.
  var freshState: TrainingState {
    TrainingState(model: model, configuration: configuration, seed: seed)
  }
}

extension TrainingConfiguration {
  /// Few steps at rates that a tiny model learns at.
  static func tiny(_ method: Method, epochs: Int, batchSize: Int = 16) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.method = method
    configuration.batchSize = batchSize
    configuration.warmUpEpochs = 1
    configuration.slowPasses = 1
    configuration.epochs = epochs
    configuration.learningRate = 2e-3
    configuration.warmUpLearningRate = 1e-3
    configuration.slowLearningRate = 1e-3
    configuration.learningRateWarmUpSteps = 4
    configuration.poolCapacity = 32
    configuration.rescoreShare = 0.5
    return configuration
  }
}
