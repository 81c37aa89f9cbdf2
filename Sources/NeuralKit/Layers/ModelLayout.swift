/// A model under construction: the parameters and buffers that its layers ask for, by the names they
/// have on disk, and how each starts.
package struct ModelLayout: Sendable {
  /// What is trained.
  package private(set) var parameters = ParameterLayout()
  /// What is recorded in passing: running statistics of batch norm.
  package private(set) var buffers = ParameterLayout()
  private var parameterStarts: [InitialValues] = []
  private var bufferStarts: [InitialValues] = []

  package init() {}

  /// Adds a trained parameter.
  ///
  /// Weight decay is for the matrices and kernels, so it is said where a parameter is added, not
  /// read off its name.
  package mutating func parameter(
    _ name: String, _ shape: [Int], decays: Bool, _ start: InitialValues
  ) -> Parameter {
    parameterStarts.append(start)
    return parameters.add(name, shape, decays: decays)
  }

  /// Adds a buffer, which no gradient changes.
  package mutating func buffer(
    _ name: String, _ shape: [Int], _ start: InitialValues
  ) -> Parameter {
    bufferStarts.append(start)
    return buffers.add(name, shape, decays: false)
  }

  /// The number of trained scalars.
  package var parameterCount: Int { parameters.entries.reduce(0) { $0 + $1.count } }

  /// Fresh weights.
  ///
  /// Each parameter draws from a generator of its own (seed, purpose, place in the layout), so the
  /// same seed gives the same model on any number of threads.
  package func initialWeights(seed: UInt64) -> ModelWeights {
    let weights = ModelWeights(self)
    for (index, start) in parameterStarts.enumerated() {
      var generator = SeededGenerator(seed: seed, Self.stream, UInt64(index))
      start.fill(weights.parameters.entry(index), using: &generator)
    }
    for (index, start) in bufferStarts.enumerated() {
      var generator = SeededGenerator(seed: seed, Self.stream, 1 << 32 | UInt64(index))
      start.fill(weights.buffers.entry(index), using: &generator)
    }
    return weights
  }

  /// "initial" in ASCII: the purpose of these generators.
  private static let stream: UInt64 = 0x696E_6974_6961_6C
}

/// The distribution that a parameter starts from.
package enum InitialValues: Sendable, Equatable {
  case constant(Float)
  /// Normal with mean 0.
  case normal(deviation: Float)
  /// Uniform in `-bound ..< bound`.
  case uniform(bound: Float)

  /// PyTorch's default for weights and biases of linear layers and convolutions with `fanIn` inputs
  /// for each output: uniform within `1 / √fanIn`.
  package static func standard(fanIn: Int) -> InitialValues {
    .uniform(bound: 1 / Float(fanIn).squareRoot())
  }

  /// Glorot and Bengio, 2010, equation 16.
  package static func glorot(fanIn: Int, fanOut: Int) -> InitialValues {
    .uniform(bound: (6 / Float(fanIn + fanOut)).squareRoot())
  }

  /// Overwrites `tensor`.
  package func fill(_ tensor: Tensor, using generator: inout SeededGenerator) {
    for index in 0..<tensor.count {
      switch self {
      case .constant(let value): tensor[element: index] = value
      case .normal(let deviation): tensor[element: index] = deviation * generator.normal()
      case .uniform(let bound): tensor[element: index] = (2 * generator.uniform() - 1) * bound
      }
    }
  }
}
