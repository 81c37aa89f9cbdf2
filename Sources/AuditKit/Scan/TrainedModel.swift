import AuditEncoders
import AuditPixels
import AuditWords
import NeuralKit

/// A trained model with all that it needs to be applied to a crawl: what `--model-out` leaves.
///
/// The folder is open_clip's (`open_clip_config.json`, `open_clip_model.safetensors`) with two files
/// more: `tokenizer.json`, and `thumbnails.json`, which says how images became squares.
public struct TrainedModel: Sendable {
  /// Where it lies.
  public let folder: String
  /// How images become squares.
  public let thumbnails: ThumbnailConfiguration
  package let model: CLIPModel
  package let weights: ModelWeights
  package let tokenizer: BytePairTokenizer
  package let preprocessing: PreprocessingConfiguration

  package init(
    folder: String, model: CLIPModel, weights: ModelWeights, tokenizer: BytePairTokenizer,
    thumbnails: ThumbnailConfiguration,
    preprocessing: PreprocessingConfiguration = PreprocessingConfiguration()
  ) {
    self.folder = folder
    self.model = model
    self.weights = weights
    self.tokenizer = tokenizer
    self.thumbnails = thumbnails
    self.preprocessing = preprocessing
  }

  /// How pixels become the image tower's input.
  package var normalization: PixelNormalization {
    PixelNormalization(
      mean: preprocessing.mean.map { Float($0) },
      standardDeviation: preprocessing.deviation.map { Float($0) })
  }

  /// The width D of the embeddings.
  public var embeddingWidth: Int { model.configuration.embeddingWidth }
}
