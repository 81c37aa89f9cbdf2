import AuditEncoders
import Foundation
import NeuralKit
import Testing

@Suite("A CLIP model")
struct ModelTests {
  static let small = CLIPConfiguration(
    embeddingWidth: 16,
    vision: VisionConfiguration(
      layers: .transformer(2), width: 32, headWidth: 16, patchSize: 8, imageSize: 24),
    text: TextConfiguration(
      contextLength: 9, vocabularySize: 50, width: 24, heads: 2, layers: 2))
  static let smallResNet = CLIPConfiguration(
    embeddingWidth: 16,
    vision: VisionConfiguration(
      layers: .resNet([1, 2, 1, 1]), width: 8, headWidth: 64, imageSize: 64),
    text: small.text)

  /// Random pairs, captions of all lengths.
  static func batch(_ configuration: CLIPConfiguration, _ count: Int) throws -> TrainingBatch {
    var generator = SeededGenerator(seed: 3, UInt64(count))
    let edge = configuration.vision.imageSize
    let (length, vocabulary) = (
      configuration.text.contextLength, configuration.text.vocabularySize
    )
    var tokens: [Int32] = []
    for _ in 0..<count {
      let words = 1 + generator.index(below: length - 2)
      tokens += (0..<words).map { _ in Int32(1 + generator.index(below: vocabulary - 2)) }
      tokens.append(Int32(vocabulary - 1))
      tokens += [Int32](repeating: 0, count: length - words - 1)
    }
    return TrainingBatch(
      model: try CLIPModel(configuration),
      images: Tensor(
        generator.normals(count * edge * edge * 3), shape: [count, edge, edge, 3]),
      tokens: tokens)
  }

  @Test(
    "has as many parameters as the published ones",
    arguments: [(Preset.resNet50, 102_007_137), (.visionTransformerBase32, 151_277_313)])
  func parameterCounts(_ preset: Preset, _ count: Int) throws {
    #expect(try CLIPModel(preset.configuration).layout.parameterCount == count)
  }

  @Test("decays matrices and kernels, not norms, biases, the class embedding and the logit scale")
  func decay() throws {
    for configuration in [Self.small, Self.smallResNet] {
      for entry in try CLIPModel(configuration).layout.parameters.entries {
        #expect(entry.decays == (entry.shape.count >= 2), "\(entry.name)")
      }
    }
  }

  @Test("starts as open_clip's does")
  func initialWeights() throws {
    let model = try CLIPModel(Preset.compact.configuration)
    let weights = model.initialWeights(seed: 1)
    func deviation(_ name: String) throws -> Double {
      let index = try #require(model.layout.parameters.entries.firstIndex { $0.name == name })
      let entry = weights.parameters.entry(index)
      return entry.length() / Double(entry.count).squareRoot()
    }
    for (name, expected) in [
      ("token_embedding.weight", 0.02), ("positional_embedding", 0.01),
      ("text_projection", 1 / 128.0.squareRoot()),
      ("transformer.resblocks.0.attn.in_proj_weight", 1 / 128.0.squareRoot()),
      ("transformer.resblocks.1.attn.out_proj.weight", 1 / 512.0.squareRoot()),
      ("transformer.resblocks.0.mlp.c_fc.weight", 1 / 256.0.squareRoot()),
      ("transformer.resblocks.1.mlp.c_proj.weight", 1 / 512.0.squareRoot()),
      ("visual.attnpool.q_proj.weight", 1 / 1024.0.squareRoot()),
      ("visual.layer2.0.conv1.weight", 1 / (3 * 128.0).squareRoot()),
    ] {
      let found = try deviation(name)
      #expect(abs(found / expected - 1) < 0.05, "\(name): \(found), expected \(expected)")
    }
    #expect(try deviation("visual.layer3.0.bn3.weight") == 0)
    #expect(try deviation("visual.layer3.0.bn2.weight") == 1)
    #expect(try deviation("visual.bn3.weight") == 1)
    #expect(abs(try deviation("logit_scale") - log(1 / 0.07)) < 1e-6)
  }

  @Test("embeds each pair for itself in evaluation", arguments: [small, smallResNet])
  func evaluationIsPerItem(_ configuration: CLIPConfiguration) throws {
    let batch = try Self.batch(configuration, 5)
    let weights = batch.model.initialWeights(seed: 1)
    let setting = ReplicaSetting(backend: ReferenceBackend(), replicas: 1)
    let (images, texts) = batch.evaluate(weights, setting)
    for item in 0..<5 {
      let length = configuration.text.contextLength
      let alone = TrainingBatch(
        model: batch.model, images: batch.images.rows(item..<item + 1),
        tokens: Array(batch.tokens[item * length..<(item + 1) * length]))
      let (z, w) = alone.evaluate(weights, setting)
      #expect(largestDifference(z, images.rows(item..<item + 1)) < 1e-6)
      #expect(largestDifference(w, texts.rows(item..<item + 1)) < 1e-6)
    }
    for row in 0..<5 {
      #expect(abs(images.rows(row..<row + 1).length() - 1) < 1e-5)
      #expect(abs(texts.rows(row..<row + 1).length() - 1) < 1e-5)
    }
  }

  @Test("does not see what stands after a caption's end")
  func textEndsAtItsEndMarker() throws {
    let batch = try Self.batch(Self.small, 4)
    let weights = batch.model.initialWeights(seed: 1)
    let setting = ReplicaSetting(backend: ReferenceBackend(), replicas: 1)
    var changed = batch.tokens
    let length = Self.small.text.contextLength
    for item in 0..<4 {
      let end = try #require((0..<length).first { changed[item * length + $0] == 49 })
      for position in end + 1..<length { changed[item * length + position] = 7 }
    }
    #expect(changed != batch.tokens)
    let other = TrainingBatch(model: batch.model, images: batch.images, tokens: changed)
    let texts = batch.evaluate(weights, setting).1
    #expect(largestDifference(other.evaluate(weights, setting).1, texts) == 0)
  }

  @Test("a model that is too large is refused before memory is taken")
  func tooLarge() throws {
    var configuration = Preset.visionTransformerBase32.configuration
    configuration.vision.width = 1 << 16
    configuration.vision.layers = .transformer(1000)
    let error = #expect(throws: EncoderError.self) { try CLIPModel(configuration) }
    guard case .modelTooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
