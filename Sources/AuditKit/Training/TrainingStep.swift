import AuditEncoders
import NeuralKit

/// One optimiser step, written for one replica that holds a part of the batch.
struct TrainingStep: Sendable {
  let model: CLIPModel
  let state: TrainingState
  let views: ViewSource
  let configuration: TrainingConfiguration
  let epoch: Int
  let learningRate: Float
  /// Counted from 1 over all stages.
  let number: Int
  /// What the CLIP loss sees of its pairs.
  let clipViews: ViewKind
  /// How much the unimodal loss counts.
  let unimodalWeight: Float
  /// Captions in whose place each image finds its nearest one, `[M, D]`; nil where it keeps its own.
  var matchingPool: Tensor?

  /// What a step reports, the same on every replica.
  struct Losses: Sendable, Equatable {
    var clip: Double?
    var unimodal: Double?
  }

  /// Runs the step on this replica's share of `step`'s pairs.
  func run(_ step: EpochOrder.Step, _ execution: Execution) -> Losses {
    var losses = Losses()
    if let gradients = execution.gradients { execution.backend.fillInPlace(gradients.flat, 0) }
    if !step.safe.isEmpty {
      losses.clip = clip(share(of: step.safe, execution), execution)
    }
    if !step.risky.isEmpty {
      losses.unimodal = unimodal(share(of: step.risky, execution), execution)
    }
    state.optimiser.step(number: number, learningRate: learningRate, execution)
    if execution.communicator.rank == 0 {
      model.logitScale.clamp(state.weights.parameters, limit: configuration.logitScaleLimit)
    }
    execution.communicator.barrier()
    return losses
  }

  /// The contiguous part of a batch that this replica works on.
  private func share(of pairs: [Int32], _ execution: Execution) -> [Int32] {
    let rank = execution.communicator.rank
    let count = execution.communicator.count
    return Array(pairs[pairs.count * rank / count..<pairs.count * (rank + 1) / count])
  }

  /// The CLIP loss (paper, equation 1).
  private func clip(_ pairs: [Int32], _ execution: Execution) -> Double {
    let view = views.view(of: pairs, clipViews)
    let (images, imageContext) = model.encodeImages(view.images, execution)
    let contrastive = ContrastiveLoss(scale: model.logitScale)
    if let matchingPool {
      // The pool's embeddings are constants: only the image tower learns.
      let backend = execution.backend
      let nearest = backend.gatherRows(matchingPool, backend.nearestRows(images, in: matchingPool))
      let loss = contrastive(images: images, texts: nearest, execution)
      model.backwardImages(loss.images, imageContext, execution)
      return loss.value
    }
    let (captions, captionContext) = model.encodeTexts(view.tokens, execution)
    let loss = contrastive(images: images, texts: captions, execution)
    model.backwardImages(loss.images, imageContext, execution)
    model.backwardTexts(loss.texts, captionContext, execution)
    return loss.value
  }

  /// The unimodal losses of both modalities, averaged (paper, equations 2 and 3).
  private func unimodal(_ pairs: [Int32], _ execution: Execution) -> Double {
    let first = views.view(of: pairs, .augmented(epoch: epoch, number: 1))
    let second = views.view(of: pairs, .augmented(epoch: epoch, number: 2))
    let target = execution.inMode(.target)
    let loss = NearestNeighbourLoss(scale: model.logitScale)
    let weight = unimodalWeight / 2

    let imageTargets = neighbours(
      of: model.encodeImages(first.images, target).embeddings, state.imagePool, execution)
    let (images, imageContext) = model.encodeImages(second.images, execution)
    let imageLoss = loss(views: images, neighbours: imageTargets, weight: weight, execution)
    model.backwardImages(imageLoss.views, imageContext, execution)

    let captionTargets = neighbours(
      of: model.encodeTexts(first.tokens, target).embeddings, state.captionPool, execution)
    let (captions, captionContext) = model.encodeTexts(second.tokens, execution)
    let captionLoss = loss(views: captions, neighbours: captionTargets, weight: weight, execution)
    model.backwardTexts(captionLoss.views, captionContext, execution)
    return (imageLoss.value + captionLoss.value) / 2
  }

  /// NN(A) from the pool, which then takes A in; A itself where there is no pool.
  private func neighbours(
    of embeddings: Tensor, _ pool: NearestNeighbourPool?, _ execution: Execution
  ) -> Tensor {
    guard let pool else { return embeddings }
    let nearest = pool.nearest(to: embeddings, execution.backend)
    execution.communicator.barrier()
    pool.insert(embeddings, execution.communicator)
    return nearest
  }
}
