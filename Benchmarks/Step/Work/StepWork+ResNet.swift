import AuditEncoders

extension StepWork {
  /// The image tower of either kind.
  mutating func addImageTower(_ configuration: CLIPConfiguration, _ batch: Int) {
    switch configuration.vision.layers {
    case .resNet(let stages): addResNet(configuration, stages: stages, batch)
    case .transformer(let layers): addVisionTransformer(configuration, layers: layers, batch)
    }
  }

  /// CLIP's ModifiedResNet: a stem of three convolutions and a pool, bottlenecks, attention pool.
  private mutating func addResNet(
    _ configuration: CLIPConfiguration, stages: [Int], _ batch: Int
  ) {
    let vision = configuration.vision
    var edge = (vision.imageSize - 1) / 2 + 1
    addStem(vision, edge: edge, batch)
    edge /= 2
    var inputs = vision.width
    for (stage, depth) in stages.enumerated() {
      for index in 0..<depth {
        let shape = BottleneckShape(
          inputs: inputs, width: vision.width << stage, edge: edge,
          stride: stage > 0 && index == 0 ? 2 : 1)
        addBottleneck("visual.layer\(stage + 1).\(index)", shape, batch)
        inputs = shape.outputs
        edge = shape.outputEdge
      }
    }
    addAttentionPool(
      positions: edge * edge, width: inputs, outputs: configuration.embeddingWidth, batch)
  }

  private mutating func addStem(_ vision: VisionConfiguration, edge: Int, _ batch: Int) {
    let channels = [3, vision.width / 2, vision.width / 2, vision.width]
    let rows = batch * edge * edge
    for index in 1...3 {
      let (inputs, outputs) = (channels[index - 1], channels[index])
      addProduct(
        "visual.conv\(index)", .image, kind: .convolution, rows: rows, inputs: 9 * inputs,
        outputs: outputs,
        inputCount: index == 1
          ? batch * vision.imageSize * vision.imageSize * inputs : rows * inputs,
        needsInputGradient: index > 1)
      addBatchNorm(
        "visual.bn\(index)", .image, count: rows * outputs,
        outputCount: index == 3 ? batch * (edge / 2) * (edge / 2) * outputs : nil)
    }
  }

  private struct BottleneckShape {
    let inputs: Int
    let width: Int
    let edge: Int
    let stride: Int

    var outputs: Int { width * Bottleneck.expansion }
    var outputEdge: Int { edge / stride }
    var hasShortcut: Bool { stride > 1 || inputs != outputs }
  }

  private mutating func addBottleneck(_ name: String, _ shape: BottleneckShape, _ batch: Int) {
    let (inputs, width, outputs) = (shape.inputs, shape.width, shape.outputs)
    let rows = batch * shape.edge * shape.edge
    let outputRows = batch * shape.outputEdge * shape.outputEdge
    // Backward, the shortcut's gradient is added where the input's gradient is made.
    addProduct(
      "\(name).conv1", .image, kind: .convolution, rows: rows, inputs: inputs, outputs: width,
      joinedBackward: outputRows * inputs)
    addBatchNorm("\(name).bn1", .image, count: rows * width)
    addProduct(
      "\(name).conv2", .image, kind: .convolution, rows: rows, inputs: 9 * width, outputs: width,
      inputCount: rows * width)
    addBatchNorm(
      "\(name).bn2", .image, count: rows * width, outputCount: outputRows * width)
    addProduct(
      "\(name).conv3", .image, kind: .convolution, rows: outputRows, inputs: width,
      outputs: outputs)
    addBatchNorm("\(name).bn3", .image, count: outputRows * outputs, hasResidual: true)
    guard shape.hasShortcut else { return }
    if shape.stride > 1 {
      addPooledCopy("\(name).downsample.-1", .image, count: outputRows * inputs)
    }
    addProduct(
      "\(name).downsample.0", .image, kind: .convolution, rows: outputRows, inputs: inputs,
      outputs: outputs)
    addBatchNorm("\(name).downsample.1", .image, count: outputRows * outputs)
  }

  private mutating func addAttentionPool(
    positions: Int, width: Int, outputs: Int, _ batch: Int
  ) {
    let name = "visual.attnpool"
    let rows = batch * (positions + 1)
    addProduct("\(name).q_proj", .image, rows: batch, inputs: width, outputs: width)
    // Backward, both products add to one gradient.
    addProduct("\(name).k_proj", .image, rows: rows, inputs: width, outputs: width)
    addProduct(
      "\(name).v_proj", .image, rows: rows, inputs: width, outputs: width,
      joinedBackward: rows * width)
    addAttention(
      name, .image, batch: batch, queries: 1, keys: positions + 1, width: width, causal: false)
    addProduct("\(name).c_proj", .image, rows: batch, inputs: width, outputs: outputs)
  }
}
