import AuditEncoders
import AuditTraining
import Foundation
import NeuralKit

/// What steps of a model cost on this machine, measured with random images and captions of the
/// model's sizes.
public struct StepMeasurement: Codable, Sendable, Equatable {
  /// Pairs in a step.
  public var batchSize: Int
  /// Threads at work.
  public var threads: Int
  /// Seconds a pair for the CLIP loss: forward, backward, optimiser.
  public var clipSecondsPerPair: Double
  /// Seconds a pair for the unimodal losses: two views forward, one of them backward.
  public var unimodalSecondsPerPair: Double
  /// Seconds a pair for scoring: forward without statistics.
  public var scoringSecondsPerPair: Double
  /// Trained scalars.
  public var parameterCount: Int
  /// Resident memory that the model, its optimiser and its steps take.
  public var memoryBytes: Int

  package init(
    batchSize: Int, threads: Int, clipSecondsPerPair: Double, unimodalSecondsPerPair: Double,
    scoringSecondsPerPair: Double, parameterCount: Int, memoryBytes: Int
  ) {
    self.batchSize = batchSize
    self.threads = threads
    self.clipSecondsPerPair = clipSecondsPerPair
    self.unimodalSecondsPerPair = unimodalSecondsPerPair
    self.scoringSecondsPerPair = scoringSecondsPerPair
    self.parameterCount = parameterCount
    self.memoryBytes = memoryBytes
  }

  /// Takes steps until each kind has taken `seconds`, at least two.
  ///
  /// - Throws: `EncoderError` where the preset is no model.
  package static func measure(
    _ configuration: ScanConfiguration, batchSize: Int, threads: Int, seconds: Double
  ) throws -> StepMeasurement {
    let model = try CLIPModel(CLIPConfiguration(presetOrFile: configuration.preset))
    MemoryPool.shared.drain()
    let before = residentBytes()
    let bench = StepBench(
      model: model, optimiser: configuration.training.optimiser, batchSize: batchSize,
      threads: threads)
    let unimodal = bench.secondsPerPair(seconds) { bench.unimodal($0) }
    let clip = bench.secondsPerPair(seconds) { bench.clip($0) }
    let memory = max(0, residentBytes() - before)
    let scoring = bench.secondsPerPair(seconds) { bench.score($0) }
    MemoryPool.shared.drain()
    return StepMeasurement(
      batchSize: batchSize, threads: threads, clipSecondsPerPair: clip,
      unimodalSecondsPerPair: unimodal, scoringSecondsPerPair: scoring,
      parameterCount: model.layout.parameterCount, memoryBytes: memory)
  }

  /// Memory of this process that is in RAM.
  private static func residentBytes() -> Int {
    let statistics = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = statistics.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}

/// A model with made-up data, one part of the batch a replica.
private struct StepBench: Sendable {
  let model: CLIPModel
  let weights: ModelWeights
  let optimiser: AdamW
  let gradients: [ParameterValues]
  let replicas: ReplicaGroup
  let images: [Tensor]
  let tokens: [[Int32]]
  let batchSize: Int

  init(model: CLIPModel, optimiser: AdamWConfiguration, batchSize: Int, threads: Int) {
    self.model = model
    self.batchSize = batchSize
    weights = model.initialWeights(seed: 0)
    self.optimiser = AdamW(optimiser, layout: model.layout.parameters)
    gradients = (0..<threads).map { _ in ParameterValues(layout: model.layout.parameters) }
    replicas = ReplicaGroup(count: threads, name: "plan")
    let edge = model.configuration.vision.imageSize
    let length = model.configuration.text.contextLength
    let vocabulary = model.configuration.text.vocabularySize
    let parts = (0..<threads).map { batchSize * ($0 + 1) / threads - batchSize * $0 / threads }
    images = parts.enumerated().map { rank, count in
      var random = SeededGenerator(seed: 0, UInt64(rank))
      return Tensor(random.normals(count * edge * edge * 3), shape: [count, edge, edge, 3])
    }
    tokens = parts.enumerated().map { rank, count in
      var random = SeededGenerator(seed: 1, UInt64(rank))
      return (0..<count * length).map { place in
        // The end marker is the largest token.
        Int32(place % length == length - 1 ? vocabulary - 1 : random.index(below: vocabulary - 1))
      }
    }
  }

  /// Time over pairs of whole steps, the first one left out.
  func secondsPerPair(
    _ seconds: Double, _ step: @escaping @Sendable (Execution) -> Void
  ) -> Double {
    run(step)
    let start = ContinuousClock.now
    var steps = 0
    var elapsed = 0.0
    repeat {
      run(step)
      steps += 1
      elapsed = (ContinuousClock.now - start).seconds
    } while elapsed < seconds || steps < 2
    return elapsed / Double(steps * batchSize)
  }

  private func run(_ step: @escaping @Sendable (Execution) -> Void) {
    replicas.run { communicator in
      step(
        Execution(
          backend: CPUBackend(), communicator: communicator, weights: weights,
          gradients: gradients[communicator.rank], mode: .training))
    }
  }

  func clip(_ execution: Execution) {
    let rank = execution.communicator.rank
    clear(execution)
    let (z, imageContext) = model.encodeImages(images[rank], execution)
    let (w, textContext) = model.encodeTexts(tokens[rank], execution)
    let loss = ContrastiveLoss(scale: model.logitScale)(images: z, texts: w, execution)
    model.backwardImages(loss.images, imageContext, execution)
    model.backwardTexts(loss.texts, textContext, execution)
    optimiser.step(number: 1, learningRate: 1e-6, execution)
  }

  func unimodal(_ execution: Execution) {
    let rank = execution.communicator.rank
    clear(execution)
    let target = execution.inMode(.target)
    let loss = NearestNeighbourLoss(scale: model.logitScale)
    let imageTargets = model.encodeImages(images[rank], target).embeddings
    let (z, imageContext) = model.encodeImages(images[rank], execution)
    let imageLoss = loss(views: z, neighbours: imageTargets, weight: 0.5, execution)
    model.backwardImages(imageLoss.views, imageContext, execution)
    let textTargets = model.encodeTexts(tokens[rank], target).embeddings
    let (w, textContext) = model.encodeTexts(tokens[rank], execution)
    let textLoss = loss(views: w, neighbours: textTargets, weight: 0.5, execution)
    model.backwardTexts(textLoss.views, textContext, execution)
    optimiser.step(number: 1, learningRate: 1e-6, execution)
  }

  func score(_ execution: Execution) {
    let rank = execution.communicator.rank
    let evaluation = execution.inMode(.evaluation)
    _ = model.encodeImages(images[rank], evaluation)
    _ = model.encodeTexts(tokens[rank], evaluation)
  }

  private func clear(_ execution: Execution) {
    if let gradients = execution.gradients { execution.backend.fillInPlace(gradients.flat, 0) }
  }
}
