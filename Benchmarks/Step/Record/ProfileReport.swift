/// Where the time of a step goes: means over replicas, seconds a step.
struct ProfileReport: Codable, Sendable {
  /// A stage of the step.
  struct StageTime: Codable, Sendable {
    let stage: StepStage
    let seconds: Double
    /// The roofline of the stage's layers.
    let leastSeconds: Double
    let operations: Double
  }

  /// All calls of one kind of operation.
  struct KindTime: Codable, Sendable {
    let kind: OperationKind
    let seconds: Double
    /// Of products and convolutions; 0 for what is not counted.
    let operations: Double
    let calls: Double
  }

  let steps: Int
  let stages: [StageTime]
  /// In order of their time.
  let kinds: [KindTime]
}

/// The stages that a step is divided into.
package enum StepStage: String, Codable, Sendable, CaseIterable {
  case imageForward, textForward, loss, imageBackward, textBackward, optimiser
}

/// Kinds of operations that a profile tells apart.
package enum OperationKind: String, Codable, Sendable, CaseIterable {
  case product, pointwiseConvolution, convolution, attention, batchNorm, layerNorm, activation
  case sum, pooling, gathering, loss, optimiser
  /// Sums and gathers over replicas, and waiting for them.
  case exchange
  /// What is left: memory, bookkeeping.
  case other
}
