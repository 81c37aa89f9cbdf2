import AuditEncoders

/// The work of one training step, layer by layer, derived from the configuration alone.
///
/// Operations: a product `[M, K] x [K, N]` has `2 M N K`; backward has that twice, for the gradients of
/// its input and of its weight; the first layer of the image tower needs no gradient of its input.
/// Padding counts as if it were pixels. Of causal attention the lower triangle counts.
///
/// Bytes: each pass reads its inputs and its weight once and writes its result once; every replica
/// reads the weights and writes its own gradient of them. Whatever works on elements or rows of a
/// result while it is at hand (bias, activation, sum with a residual, layer norm, softmax, pooling)
/// moves nothing of its own but what it reads besides. Batch norm cannot do so, because its
/// statistics need the whole result first.
package struct StepWork: Sendable {
  /// How many replicas share the batch.
  package let replicas: Int
  /// All passes, in order of the layers.
  package private(set) var passes: [LayerPass] = []

  /// The step of a model with `parameterCount` trained scalars.
  package init(
    _ configuration: CLIPConfiguration, batchSize: Int, replicas: Int, parameterCount: Int
  ) {
    self.replicas = replicas
    addImageTower(configuration, batchSize)
    addTextTower(configuration, batchSize)
    let width = configuration.embeddingWidth
    addProduct("similarities", .loss, rows: batchSize, inputs: width, outputs: batchSize)
    addOptimiser(parameterCount)
  }

  /// Operations of all passes, or of those that `isIncluded`.
  package func operations(where isIncluded: (LayerPass) -> Bool = { _ in true }) -> Double {
    passes.lazy.filter(isIncluded).reduce(0) { $0 + $1.operations }
  }

  /// The least seconds for all passes, or for those that `isIncluded`, one after the other.
  package func leastSeconds(
    peak: Double, bandwidth: Double, where isIncluded: (LayerPass) -> Bool = { _ in true }
  ) -> Double {
    passes.lazy.filter(isIncluded)
      .reduce(0) { $0 + $1.leastSeconds(peak: peak, bandwidth: bandwidth) }
  }
}

extension StepWork {
  private static let floatBytes = 4.0

  private mutating func add(
    _ layer: String, _ part: LayerPass.Part, _ kind: LayerPass.Kind, isBackward: Bool,
    operations: Int = 0, floats: Int
  ) {
    passes.append(
      LayerPass(
        layer: layer, part: part, kind: kind, isBackward: isBackward,
        operations: Double(operations), bytes: Double(floats) * Self.floatBytes))
  }

  /// A product of `rows` rows with a weight `[inputs, outputs]`: three passes.
  ///
  /// The input has `rows * inputs` floats unless `inputCount` says otherwise, as for a convolution.
  /// `joined` floats of another tensor are added to the result, `joinedBackward` floats are needed to
  /// finish the input's gradient.
  mutating func addProduct(
    _ layer: String, _ part: LayerPass.Part, kind: LayerPass.Kind = .product, rows: Int,
    inputs: Int, outputs: Int, inputCount: Int? = nil, joined: Int = 0, joinedBackward: Int = 0,
    needsInputGradient: Bool = true
  ) {
    let operations = 2 * rows * inputs * outputs
    let floats = (inputCount ?? rows * inputs) + replicas * inputs * outputs + rows * outputs
    add(
      layer, part, kind, isBackward: false, operations: operations, floats: floats + joined)
    if needsInputGradient {
      add(
        layer, part, kind, isBackward: true, operations: operations,
        floats: floats + joinedBackward)
    }
    add(layer, part, kind, isBackward: true, operations: operations, floats: floats)
  }

  /// Attention of `queries` positions to `keys` positions of each item: probabilities stay at hand.
  mutating func addAttention(
    _ layer: String, _ part: LayerPass.Part, batch: Int, queries: Int, keys: Int, width: Int,
    causal: Bool
  ) {
    let pairs = causal ? queries * (queries + 1) / 2 : queries * keys
    let operations = 2 * 2 * batch * pairs * width
    let (query, key) = (batch * queries * width, batch * keys * width)
    add(
      layer, part, .attention, isBackward: false, operations: operations,
      floats: 2 * query + 2 * key)
    // Reads queries, keys, values, the result and its gradient; writes three gradients.
    add(
      layer, part, .attention, isBackward: true, operations: 2 * operations,
      floats: 4 * query + 4 * key)
  }

  /// Batch norm of `count` floats with what is fused behind it: a residual of the same size, ReLU, and
  /// a pool that leaves `outputCount` floats.
  mutating func addBatchNorm(
    _ layer: String, _ part: LayerPass.Part, count: Int, outputCount: Int? = nil,
    hasResidual: Bool = false
  ) {
    let result = outputCount ?? count
    let residual = hasResidual ? count : 0
    add(
      layer, part, .batchNorm, isBackward: false, floats: count + residual + result)
    // The sums read the input, and the result where the ReLU's mask does not follow from the input,
    // while the gradient is at hand; then the gradient and the input are read, and one is written.
    add(
      layer, part, .batchNorm, isBackward: true, floats: count + residual + result + 2 * count)
  }

  /// A pooled copy of a tensor that is at hand: written forward, read backward by `addProduct`.
  mutating func addPooledCopy(_ layer: String, _ part: LayerPass.Part, count: Int) {
    add(layer, part, .batchNorm, isBackward: false, floats: count)
  }

  /// Rows taken from a table, and their gradients added to its gradient.
  mutating func addEmbedding(_ layer: String, rows: Int, width: Int) {
    add(layer, .text, .embedding, isBackward: false, floats: 2 * rows * width)
    add(layer, .text, .embedding, isBackward: true, floats: 3 * rows * width)
  }

  /// AdamW: every replica's gradients, values and both moments read, the last three written.
  private mutating func addOptimiser(_ parameterCount: Int) {
    add(
      "adamw", .optimiser, .optimiser, isBackward: false,
      floats: (replicas + 6) * parameterCount)
  }
}
