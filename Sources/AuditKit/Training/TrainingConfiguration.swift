/// The constants of training.
///
/// The defaults are the paper's (section 5 and Table 14) or, where the paper is silent, its public
/// implementation's; `adapted(pairCount:explicit:)` changes them for small crawls.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// How the model is trained.
  public var method = Method.safeclip
  /// Pairs in one optimiser step.
  public var batchSize = 512
  /// Epochs of unimodal learning before the first CLIP step.
  public var warmUpEpochs = 5
  /// Peak learning rate of the warm-up.
  public var warmUpLearningRate: Float = 5e-4
  /// Passes of the CLIP loss over all pairs between warm-up and split.
  public var slowPasses = 1
  /// Peak learning rate of these passes.
  public var slowLearningRate: Float = 5e-6
  /// Learning rate at the end of these passes, as a share of the peak, along a cosine; 1: constant.
  public var slowFinalLearningRateShare: Float = 1
  /// The slow passes end with one that raises the alignment of the watched pairs by less than this, and pairs are split by
  /// the scores of the pass before it.
  ///
  /// What a pass teaches beyond honest pairs is poison. -1: all passes are made, and so they are where mixed training does
  /// not begin again after the split (`rewindsAfterSplit`).
  public var slowLeastGain = -1.0
  /// Whether images and captions are augmented in the slow passes.
  public var slowPassAugments = false
  /// Whether mixed training begins from the weights before the slow passes, so that the model never learns a
  /// pair outside of the safe set by the CLIP loss.
  ///
  /// The paper's one pass at a very low rate teaches the model next to nothing; passes that tell the pairs of a
  /// small crawl apart teach it the poison as well.
  public var rewindsAfterSplit = false
  /// All epochs together: warm-up, slow passes, and mixed training for the rest; where nothing is left for
  /// it, the scan ends with the split.
  public var epochs = 48
  /// Peak learning rate of mixed training and of plain CLIP training.
  public var learningRate: Float = 5e-4
  /// Learning rate at the end of the cosine, as a share of the peak.
  public var finalLearningRateShare: Float = 0
  /// Optimiser steps in which the learning rate rises from zero.
  public var learningRateWarmUpSteps = 10_000
  /// AdamW's decay of the first moment.
  public var beta1: Float = 0.9
  /// AdamW's decay of the second moment.
  public var beta2: Float = 0.999
  /// AdamW's epsilon.
  public var epsilon: Float = 1e-8
  /// Decoupled weight decay, except on norms, biases and the logit scale.
  public var weightDecay: Float = 0.1
  /// The logit scale `s` at the start, the inverse of the temperature.
  public var logitScaleStart: Float = 1 / 0.07
  /// The logit scale never exceeds this.
  public var logitScaleLimit: Float = 100
  /// The pool in which nearest neighbours are sought, in embeddings of one modality; 0: no pool, the
  /// other view itself is the positive (paper, section 5.2, ablation).
  public var poolCapacity = 256
  /// Nearest images and captions through which a pair is seen as well when it is scored: what the crawl says of
  /// pairs like it; 0: by its own embeddings only.
  public var neighbours = 0
  /// How much the agreement with the captions of the nearest images counts in a similarity beside the pair's own cosine.
  public var nearestImagesWeight: Float = 0.2
  /// How much the agreement with the images of the nearest captions counts: more, since no trigger changes those.
  public var nearestCaptionsWeight: Float = 0.6
  /// Images or captions with a greater cosine are near-duplicates and no neighbours: copies do not vouch for each
  /// other.
  public var duplicateCosine: Float = 0.98
  /// Neighbours are looked for among this many pairs at most, drawn at random.
  public var neighbourReferences = 65_536
  /// A pair is safe where the mixture's posterior of the component with the larger mean exceeds this.
  public var safeThreshold = 0.9
  /// The first safe set never holds more than this share of the crawl; the paper's hold 7 to 11 %
  /// (Table 6).
  public var firstSafeShareCap = 0.3
  /// The first safe set has only pairs that are more similar than all but this share of shuffled ones, and a model
  /// that began again after the split accepts only such; 1: no limit.
  public var falseAcceptLimit = 1.0
  /// How much the safe set grows after each mixed epoch, as a share of the crawl; where mixed training began again after
  /// the split, at most, and never beyond what the model accepts by `falseAcceptLimit`.
  public var growthShare = 0.01
  /// The safe set never holds more than this share of the crawl.
  public var safeShareCap = 0.85
  /// A mixture that finds fewer safe pairs than this has collapsed; a fall-back decides, and the report
  /// says so.
  public var safeShareMinimum = 0.02
  /// The share of the crawl with the highest last similarity that is scored again after each mixed
  /// epoch; 1 scores all, and so does training that began again after the split.
  public var rescoreShare = 0.3
  /// Share of the crawl, chosen at random, that the CLIP loss never sees: alignment and mismatch rate are
  /// measured on it, and tell whether a re-score is to be trusted.
  public var watchShare = 0.05
  /// The watched pairs are never fewer than this, or than a fifth of a crawl that is too small for it:
  /// fewer say little.
  public var watchMinimum = 128
  /// How far alignment may fall below the best so far before a re-score is not trusted.
  public var alignmentTolerance = 0.01
  /// A model that began again after the split has no say in the safe set and the ranking while its alignment is
  /// lower: it tells true pairs from shuffled ones weakly, and knows by heart what the split gave it.
  public var leastAlignment = 0.75
  /// Batches of plain pairs on which batch norm's statistics are measured before pairs are scored; 0
  /// scores with those that augmented batches left.
  public var statisticsBatches = 24
  /// Whether images and captions of the safe set are augmented for the CLIP loss.
  public var safeSetAugments = true
  /// In `roclip`, the number of epochs of which the last matches images with captions of a pool.
  public var matchingFrequency = 2
  /// Captions in that pool, drawn anew for each matching epoch, as a share of the crawl; at least a batch.
  public var matchingPoolShare = 0.02
  /// In `cleanclip`, how many of the epochs are spent on the trusted pairs, at the end.
  public var cleaningEpochs = 10
  /// Peak learning rate of these epochs, falling along a cosine to 0.
  public var cleaningLearningRate: Float = 1e-5
  /// Whether plain CLIP training (`method` `clip`) augments; `roclip` always does.
  public var plainAugments = false
  /// Whether the risky set is trained on with the unimodal loss (paper, Table 5: without it the safe
  /// set is less clean).
  public var riskyUnimodal = true
  /// Weight of the unimodal loss beside the CLIP loss, in a mixed step and in `cleanclip`'s last epochs.
  public var unimodalWeight: Float = 1
  /// The watched pairs are never more than this.
  public var watchLimit = 8192

  /// The paper's constants.
  public init() {}

  /// Whether a slow pass can be the last before all are made.
  package var slowPassesCanEnd: Bool { rewindsAfterSplit && slowLeastGain > -1 }

  /// How many pairs of a crawl are watched.
  package func watchedCount(of pairCount: Int) -> Int {
    let share = Int(watchShare * Double(pairCount))
    return max(2, min(max(share, min(watchMinimum, pairCount / 5)), watchLimit))
  }
}
