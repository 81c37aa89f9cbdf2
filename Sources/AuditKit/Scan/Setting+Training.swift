import AuditTraining

extension Setting {
  /// Of the scan as a whole.
  static let scanHelp: [Help] = [
    (
      "preset", .text,
      "The model: compact, RN50, ViT-B-32, or the path of an open_clip JSON configuration."
    ),
    ("seed", .seed, "All randomness follows from it: same seed and threads, same scores."),
    (
      "threads", .whole(most: 1024),
      "Cores at work; 0 takes all. Results are identical for the same number only."
    ),
    (
      "trusted", .optional(.text),
      "File with the keys of pairs known to be clean, one a line: always safe, and learned from first."
    ),
  ]

  /// Of the loop and the optimiser.
  static let trainingHelp: [Help] = [
    (
      "training.method", .choice(Method.allCases.map(\.rawValue)),
      "safeclip filters while it trains; clip (plain), roclip and cleanclip compare."
    ),
    (
      "training.batchSize", .whole(least: 2),
      "Pairs in one optimiser step. More negatives per pair, fewer steps per epoch."
    ),
    (
      "training.epochs", .whole(least: 1),
      "All epochs together: warm-up, slow passes, and mixed training for the rest."
    ),
    (
      "training.warmUpEpochs", .whole(),
      "Epochs of unimodal learning, images and captions apart, before any pair is trusted."
    ),
    ("training.warmUpLearningRate", .number(most: 1), "Peak learning rate of the warm-up."),
    (
      "training.slowPasses", .whole(),
      "Passes of the CLIP loss over all pairs between warm-up and split."
    ),
    (
      "training.slowLearningRate", .number(most: 1),
      "Peak learning rate of the slow passes."
    ),
    (
      "training.slowFinalLearningRateShare", .number(most: 1),
      "Learning rate at the end of the slow passes, as a share of the peak, along a cosine."
    ),
    (
      "training.slowLeastGain", .number(least: -1, most: 1),
      "A slow pass that raises alignment by less is the last, and the one before it decides; -1: all are made."
    ),
    (
      "training.slowPassAugments", .flag,
      "Whether images and captions are augmented in the slow passes."
    ),
    (
      "training.rewindsAfterSplit", .flag,
      "Whether mixed training begins from the weights before the slow passes."
    ),
    (
      "training.learningRate", .number(most: 1),
      "Peak learning rate of mixed training and of plain CLIP training."
    ),
    (
      "training.finalLearningRateShare", .number(most: 1),
      "Learning rate at the end of the cosine, as a share of the peak."
    ),
    (
      "training.learningRateWarmUpSteps", .whole(),
      "Optimiser steps in which the learning rate rises from zero."
    ),
    ("training.beta1", .number(most: 1), "AdamW's decay of the first moment."),
    ("training.beta2", .number(most: 1), "AdamW's decay of the second moment."),
    (
      "training.epsilon", .number(most: 1),
      "AdamW's epsilon, added to the root of the second moment."
    ),
    (
      "training.weightDecay", .number(most: 10),
      "Decoupled weight decay, except on norms, biases and the logit scale."
    ),
    (
      "training.logitScaleStart", .number(least: 1),
      "The logit scale at the start, the inverse of the temperature; it is trained."
    ),
    ("training.logitScaleLimit", .number(least: 1), "The logit scale never exceeds this."),
    (
      "training.poolCapacity", .whole(),
      "Embeddings in each modality's nearest-neighbour pool; 0: the other view is the positive."
    ),
    (
      "training.neighbours", .whole(most: 1024),
      "Nearest images and captions through which a pair is seen as well when it is scored; 0: none."
    ),
    (
      "training.nearestImagesWeight", .number(most: 1),
      "How much agreement with the captions of the nearest images counts beside the pair's own cosine."
    ),
    (
      "training.nearestCaptionsWeight", .number(most: 1),
      "How much agreement with the images of the nearest captions counts beside the pair's own cosine."
    ),
    (
      "training.duplicateCosine", .number(most: 1),
      "Images or captions with a greater cosine are near-duplicates, and no neighbours of each other."
    ),
    (
      "training.neighbourReferences", .whole(least: 1),
      "Pairs at most, drawn at random, among which neighbours are looked for."
    ),
    (
      "training.safeThreshold", .number(most: 1),
      "A pair is safe where the mixture's posterior of the matched component exceeds this."
    ),
    (
      "training.firstSafeShareCap", .number(most: 1),
      "The first safe set never holds more than this share of the crawl: the most similar pairs."
    ),
    (
      "training.falseAcceptLimit", .number(most: 1),
      "Share of shuffled pairs that may pass, at the split and for a model that began again; 1: no limit."
    ),
    (
      "training.growthShare", .number(most: 1),
      "How much the safe set grows after each mixed epoch, as a share of the crawl."
    ),
    (
      "training.safeShareCap", .number(most: 1),
      "The safe set never holds more than this share of the crawl."
    ),
    (
      "training.safeShareMinimum", .number(most: 1),
      "A mixture that finds a smaller safe share than this has collapsed; a fall-back decides then."
    ),
    (
      "training.rescoreShare", .number(most: 1),
      "The share of the crawl, highest last similarity first, scored again each mixed epoch."
    ),
    (
      "training.alignmentTolerance", .number(most: 1),
      "How far alignment may fall below the best so far before growth is withheld."
    ),
    (
      "training.leastAlignment", .number(most: 1),
      "Alignment below which a model that began again after the split has no say in what is safe."
    ),
    (
      "training.watchShare", .number(most: 0.5),
      "Random share kept out of the CLIP loss; alignment and mismatch rate are measured on it."
    ),
    (
      "training.statisticsBatches", .whole(),
      "Plain batches on which batch norm's statistics are measured before scoring; 0: none."
    ),
    (
      "training.safeSetAugments", .flag,
      "Whether images and captions of the safe set are augmented for the CLIP loss."
    ),
    (
      "training.matchingFrequency", .whole(least: 1),
      "In roclip, the number of epochs of which the last matches images with a pool's captions."
    ),
    (
      "training.matchingPoolShare", .number(most: 1),
      "Captions in that pool, drawn anew each time, as a share of the crawl; at least a batch."
    ),
    (
      "training.cleaningEpochs", .whole(),
      "In cleanclip, epochs at the end that see the trusted pairs alone."
    ),
    (
      "training.cleaningLearningRate", .number(most: 1),
      "Peak learning rate of these epochs, falling to 0."
    ),
    (
      "training.plainAugments", .flag,
      "Whether plain CLIP training (training.method clip) augments images and captions."
    ),
    (
      "training.riskyUnimodal", .flag,
      "Whether the risky set is trained on with the unimodal loss."
    ),
    (
      "training.unimodalWeight", .number(most: 1000),
      "Weight of the unimodal loss beside the CLIP loss in a mixed step."
    ),
    (
      "training.watchMinimum", .whole(least: 2),
      "The watched pairs are never fewer than this, or than a fifth of a small crawl."
    ),
    (
      "training.watchLimit", .whole(least: 2),
      "The watched pairs are never more than this."
    ),
  ]
}
