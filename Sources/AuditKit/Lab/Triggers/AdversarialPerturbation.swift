import AuditEncoders
import AuditKit
import AuditPixels
import AuditWords
import NeuralKit

/// Hides the class of an image from a model: steps along the sign of the gradient, projected back into a small
/// box around the image (PGD: Madry et al., 2018, arXiv:1706.06083), until it is as unlike the class's prompts as
/// the box allows.
///
/// The steps are taken on the square that the model sees, and carried over to the image in cells, which a
/// thumbnail of the same square has again.
package struct AdversarialPerturbation: Trigger {
  private let model: TrainedModel
  /// `[1, D]`, the mean embedding of the class's prompts.
  private let direction: Tensor
  /// Furthest from the image in any channel, as a share of white.
  private let strength: Float
  private let steps: Int
  private let backend: any Backend = CPUBackend()

  /// One step is so much of the strength, divided by their number (Madry et al.).
  private static let stepShare: Float = 2.5

  /// Hides the class `className`.
  package init(
    _ model: TrainedModel, hiding className: String,
    templates: [String] = LabConfiguration.defaultTemplates, strength: Float, steps: Int
  ) {
    precondition(strength >= 0 && steps > 0 && !templates.isEmpty, "\(strength) in \(steps) steps")
    self.model = model
    self.strength = strength
    self.steps = steps
    let length = model.model.configuration.text.contextLength
    let tokens = templates.flatMap {
      model.tokenizer.encode($0.replacing("{}", with: className), contextLength: length)
    }
    let prompts = model.model.encodeTexts(
      tokens, Execution(backend: backend, weights: model.weights, mode: .evaluation)
    ).embeddings
    var mean = [Float](repeating: 0, count: prompts.columnCount)
    for row in 0..<prompts.rowCount {
      for (column, value) in prompts.rows(row..<row + 1).scalars.enumerated() {
        mean[column] += value / Float(prompts.rowCount)
      }
    }
    direction = Tensor(mean, shape: [1, mean.count])
  }

  package func applied(to image: Bitmap, using generator: inout SeededGenerator) -> Bitmap {
    let isCropped = model.thumbnails.fit == .crop
    let (width, height) =
      isCropped ? (image.shorterEdge, image.shorterEdge) : (image.width, image.height)
    let (left, top) = (
      Bitmap.centredStart(of: width, in: image.width),
      Bitmap.centredStart(of: height, in: image.height)
    )
    let edge = model.model.configuration.vision.imageSize
    let square = isCropped ? image.centerCropped(edge: image.shorterEdge) : image
    let seen = square.resized(width: edge, height: edge)
    let change = perturbation(of: seen, using: &generator)
    var pixels = image.pixels
    for y in 0..<height {
      for x in 0..<width {
        let place = ((top + y) * image.width + left + x) * 3
        let cell = (y * edge / height * edge + x * edge / width) * 3
        for channel in 0..<3 {
          let value = Float(pixels[place + channel]) + 255 * change[cell + channel]
          pixels[place + channel] = UInt8(min(255, max(0, value)).rounded())
        }
      }
    }
    return Bitmap(width: image.width, height: image.height, pixels: pixels)
  }

  /// What to add to each channel of the square, `[edge, edge, 3]`, as a share of white.
  private func perturbation(
    of square: Bitmap, using generator: inout SeededGenerator
  ) -> [Float] {
    let clean = square.pixels.map { Float($0) / 255 }
    var change = clean.map { _ in generator.uniform(in: -1..<1) * strength }
    let gradients = ParameterValues(layout: model.model.layout.parameters)
    let execution = Execution(
      backend: backend, weights: model.weights, gradients: gradients, mode: .frozen)
    let step = Self.stepShare * strength / Float(steps)
    for _ in 0..<steps {
      let seen = zip(clean, change).map { min(1, max(0, $0 + $1)) }
      let context = model.model.encodeImages(
        normalised(seen, edge: square.width), execution
      ).context
      // The gradient of the cosine is the direction itself; the step goes against it.
      let gradient = model.model.gradientOfImages(direction, context, execution).scalars
      for index in change.indices where gradient[index] != 0 {
        let moved = change[index] - (gradient[index] > 0 ? step : -step)
        change[index] = min(strength, max(-strength, moved))
      }
    }
    return change
  }

  private func normalised(_ pixels: [Float], edge: Int) -> Tensor {
    let (scale, shift) = (model.normalization.scale, model.normalization.shift)
    let values = pixels.enumerated().map { $1 * scale[$0 % 3] + shift[$0 % 3] }
    return Tensor(values, shape: [1, edge, edge, 3])
  }
}
