import NeuralKit

/// One of CLIP's two image towers.
package enum ImageTower: Sendable {
  case resNet(ModifiedResNet)
  case transformer(VisionTransformer)

  /// What the tower's backward needs.
  package enum Context: Sendable {
    case resNet(ModifiedResNet.Context)
    case transformer(VisionTransformer.Context)
    /// No backward follows.
    case none
  }

  init(_ configuration: CLIPConfiguration, in layout: inout ModelLayout) {
    let (vision, outputs) = (configuration.vision, configuration.embeddingWidth)
    switch vision.layers {
    case .resNet(let stages):
      self = .resNet(
        ModifiedResNet("visual", stages: stages, vision, outputs: outputs, in: &layout))
    case .transformer(let layers):
      self = .transformer(
        VisionTransformer(
          "visual", layers: layers, vision, outputs: outputs,
          activation: configuration.activation, in: &layout))
    }
  }

  /// `[N, H, W, 3]` to `[N, outputs]`.
  package func forward(
    _ images: Tensor, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    switch self {
    case .resNet(let tower):
      let (output, context) = tower.forward(images, execution)
      return (output, execution.keepsContexts ? .resNet(context) : .none)
    case .transformer(let tower):
      let (output, context) = tower.forward(images, execution)
      return (output, context.map { .transformer($0) } ?? .none)
    }
  }

  /// Adds the parameters' gradients; returns that of the images where it is asked for.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, needsImageGradient: Bool = false,
    _ execution: Execution
  ) -> Tensor? {
    switch (self, consume context) {
    case (.resNet(let tower), .resNet(let context)):
      return tower.backward(
        gradient, consume context, needsImageGradient: needsImageGradient, execution)
    case (.transformer(let tower), .transformer(let context)):
      return tower.backward(
        gradient, consume context, needsImageGradient: needsImageGradient, execution)
    default:
      preconditionFailure("backward needs the context of this tower's pass in training mode")
    }
  }
}

extension CLIPConfiguration {
  /// The activation of all transformer blocks.
  package var activation: Activation { usesQuickGELU ? .quickGELU : .gelu }
}
