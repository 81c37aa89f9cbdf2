import AuditEncoders
import NeuralKit
import Testing

@Suite("A model agrees with open_clip on PyTorch")
struct GoldenTests {
  @Test(arguments: GoldenCase.all, ReplicaSetting.all)
  func trainingEmbeddingsLossAndGradients(_ golden: GoldenCase, _ setting: ReplicaSetting) throws {
    let run = try GoldenRun(golden)
    let outcome = run.batch.forwardBackward(run.weights, setting)
    let file = run.file
    #expect(abs(outcome.loss - run.expectedLoss) <= 1e-5 * run.expectedLoss)
    let images = try file.tensor("train.image_embedding")
    let texts = try file.tensor("train.text_embedding")
    #expect(largestDifference(outcome.images, images) < 1e-4)
    #expect(largestDifference(outcome.texts, texts) < 1e-4)
    // A gradient that is zero but for rounding (the pool's key bias: softmax does not see it) is held
    // to the scale of all gradients.
    let entries = run.model.layout.parameters.entries
    let all = try entries.map { try file.tensor("grad.\($0.name)").length() }
    let floor = 1e-6 * (all.max() ?? 0)
    for (index, entry) in entries.enumerated() {
      let expected = try file.tensor("grad.\(entry.name)")
      let distance = distance(outcome.gradients.entry(index), expected)
      #expect(
        distance <= max(1e-3 * expected.length(), floor),
        "\(entry.name): off by \(distance) of \(expected.length())")
    }
  }

  @Test(arguments: GoldenCase.all, ReplicaSetting.all)
  func runningStatistics(_ golden: GoldenCase, _ setting: ReplicaSetting) throws {
    let run = try GoldenRun(golden)
    _ = run.batch.forwardBackward(run.weights, setting)
    for (index, entry) in run.model.layout.buffers.entries.enumerated() {
      let found = run.weights.buffers.entry(index)
      if entry.name.hasSuffix("num_batches_tracked") {
        #expect(found.scalar == 1)
      } else {
        let expected = try run.file.tensor("after.\(entry.name)")
        let distance = distance(found, expected)
        #expect(distance < 1e-3 * expected.length(), "\(entry.name): off by \(distance)")
      }
    }
  }

  @Test(arguments: GoldenCase.all, ReplicaSetting.all)
  func evaluationEmbeddings(_ golden: GoldenCase, _ setting: ReplicaSetting) throws {
    let run = try GoldenRun(golden)
    // By the statistics that one training pass leaves.
    _ = run.batch.forwardBackward(run.weights, setting)
    let (images, texts) = run.batch.evaluate(run.weights, setting)
    #expect(largestDifference(images, try run.file.tensor("eval.image_embedding")) < 1e-4)
    #expect(largestDifference(texts, try run.file.tensor("eval.text_embedding")) < 1e-4)
  }

  @Test(arguments: GoldenCase.all, ReplicaSetting.all)
  func fourAdamWSteps(_ golden: GoldenCase, _ setting: ReplicaSetting) throws {
    let run = try GoldenRun(golden)
    let optimiser = AdamW(layout: run.model.layout.parameters)
    var losses: [Double] = []
    for number in 1...4 {
      let outcome = run.batch.forwardBackward(run.weights, setting) { execution in
        optimiser.step(number: number, learningRate: run.learningRate, execution)
      }
      losses.append(outcome.loss)
    }
    let expected = try run.file.tensor("adamw.losses").scalars
    for (found, expected) in zip(losses, expected) {
      #expect(
        abs(found - Double(expected)) <= 1e-3 * Double(expected), "\(losses), expected \(expected)")
    }
  }
}

/// A golden case, read.
private struct GoldenRun {
  let model: CLIPModel
  let weights: ModelWeights
  let file: SafetensorsFile
  let batch: TrainingBatch
  let expectedLoss: Double
  /// Of the AdamW steps.
  let learningRate: Float

  init(_ golden: GoldenCase) throws {
    model = try CLIPModel(try golden.configuration())
    weights = try model.weights(from: try golden.weights())
    file = try golden.golden()
    batch = TrainingBatch(
      model: model, images: try GoldenCase.images(file), tokens: try GoldenCase.tokens(file))
    expectedLoss = Double(try file.tensor("train.clip_loss").scalar)
    let rate = "adamw.rate"
    learningRate = file.names.contains(rate) ? try file.tensor(rate).scalar : 5e-4
  }
}
