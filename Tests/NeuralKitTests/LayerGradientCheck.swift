import NeuralKit

/// Compares the gradients that a backward pass returns with differences of its forward pass.
///
/// The scalar that is differentiated is the inner product of the output with a fixed random tensor.
/// Each input and each parameter is moved a little back and forth along random directions; the slope
/// must be the gradient's inner product with the direction.
struct LayerGradientCheck {
  let layout: ModelLayout
  /// What forward reads, moved in place.
  let inputs: [Tensor]
  /// Runs forward.
  let forward: (Execution) -> Tensor
  /// Runs forward, then backward from the output's gradient; returns the inputs' gradients.
  let backward: (Execution, Tensor) -> [Tensor]
  var backend: any Backend = ReferenceBackend()

  /// How far to move.
  ///
  /// A right gradient agrees at one of these at least: rounding spoils the small ones, and the large
  /// ones may carry an element over the kink of a ReLU. A wrong one agrees at none.
  private static let steps: [Float] = [4e-3, 1e-3, 2.5e-4]

  /// The largest error found, over the lengths of gradient and direction.
  struct Finding: CustomStringConvertible {
    var error = 0.0
    var place = "nowhere"

    var description: String { "error \(error) at \(place)" }
  }

  /// Draws weights and directions from `seed` and looks at every input and parameter.
  func worst(seed: UInt64) -> Finding {
    var generator = SeededGenerator(seed: seed, 1)
    let weights = layout.initialWeights(seed: seed)
    for index in layout.parameters.entries.indices {
      let entry = weights.parameters.entry(index)
      for place in 0..<entry.count { entry[element: place] += 0.3 * generator.normal() }
    }
    let gradients = ParameterValues(layout: layout.parameters)
    let execution = Execution(
      backend: backend, weights: weights, gradients: gradients, mode: .training)
    let output = forward(execution)
    let probe = Tensor(generator.normals(output.count), shape: output.shape)
    let inputGradients = backward(execution, probe)

    var finding = Finding()
    for (index, input) in inputs.enumerated() {
      look(
        at: input, gradient: inputGradients[index], "input \(index)", probe, execution, &generator,
        &finding)
    }
    for (index, entry) in layout.parameters.entries.enumerated() {
      look(
        at: weights.parameters.entry(index), gradient: gradients.entry(index), entry.name, probe,
        execution, &generator, &finding)
    }
    return finding
  }

  private func look(
    at tensor: Tensor, gradient: Tensor, _ place: String, _ probe: Tensor, _ execution: Execution,
    _ generator: inout SeededGenerator, _ finding: inout Finding
  ) {
    precondition(gradient.count == tensor.count, "\(place): \(gradient.shape)")
    let original = tensor.scalars
    for _ in 0..<3 {
      let direction = generator.normals(tensor.count)
      func value(_ amount: Float) -> Double {
        for i in 0..<tensor.count { tensor[element: i] = original[i] + amount * direction[i] }
        return execution.backend.innerProduct(forward(execution), probe)
      }
      let analytic = zip(gradient.scalars, direction).reduce(0) {
        $0 + Double($1.0) * Double($1.1)
      }
      let scale = length(gradient.scalars) * length(direction) / Double(tensor.count).squareRoot()
      let errors = Self.steps.map { step in
        let numeric = (value(step) - value(-step)) / (2 * Double(step))
        return abs(numeric - analytic) / max(scale, 0.1)
      }
      let error = errors.min() ?? .nan
      if !(error <= finding.error) { finding = Finding(error: error, place: place) }
    }
    for i in 0..<tensor.count { tensor[element: i] = original[i] }
  }

  private func length(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}

/// Normal numbers for a test's input.
func normalTensor(_ shape: [Int], seed: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: seed, 2)
  return Tensor(generator.normals(shape.reduce(1, *)), shape: shape)
}
