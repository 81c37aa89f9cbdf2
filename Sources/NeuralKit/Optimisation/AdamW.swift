/// AdamW (Loshchilov and Hutter, 2019, doi:10.48550/arXiv.1711.05101) over all parameters of a
/// model, with weight decay for those whose layout says so.
///
/// Replicas share the work: each updates its own range of the flat buffers.
package struct AdamW: Sendable {
  package let configuration: AdamWConfiguration
  /// Moving means of the gradients, and of their squares.
  package let firstMoments: ParameterValues
  package let secondMoments: ParameterValues

  /// An optimiser at its first step.
  package init(_ configuration: AdamWConfiguration = .init(), layout: ParameterLayout) {
    self.configuration = configuration
    firstMoments = ParameterValues(layout: layout)
    secondMoments = ParameterValues(layout: layout)
  }

  /// Sums the gradients of all replicas, takes step `number` (counted from 1) and returns the norm
  /// of the summed gradient before clipping.
  ///
  /// Gradients are left summed, and clipped only in what the step made of them; zero them before
  /// the next backward pass. All replicas call it together.
  @discardableResult
  package func step(
    number: Int, learningRate: Float, _ execution: Execution
  ) -> Double? {
    guard let gradients = execution.gradients else {
      preconditionFailure("an optimiser step needs an execution with gradients")
    }
    execution.communicator.sum(gradients.flat)
    let own = execution.communicator.shard(of: gradients.flat.count)
    let norm = configuration.gradientNormLimit.map { _ in
      globalNorm(gradients, own, execution)
    }
    for segment in segments(in: own) {
      func part(_ values: ParameterValues) -> Tensor { values.flat.rows(segment.range) }
      execution.backend.adamWInPlace(
        values: part(execution.weights.parameters), gradients: part(gradients),
        firstMoments: part(firstMoments), secondMoments: part(secondMoments),
        step: AdamWStep(
          learningRate: learningRate, beta1: configuration.beta1, beta2: configuration.beta2,
          epsilon: configuration.epsilon,
          weightDecay: segment.decays ? configuration.weightDecay : 0, number: number,
          gradientScale: scale(forNorm: norm)))
    }
    execution.communicator.barrier()
    return norm
  }

  /// What gradients are multiplied by so that their norm does not pass the limit.
  private func scale(forNorm norm: Double?) -> Float {
    guard let norm, let limit = configuration.gradientNormLimit, norm > Double(limit) else {
      return 1
    }
    return Float(Double(limit) / norm)
  }

  private func globalNorm(
    _ gradients: ParameterValues, _ own: Range<Int>, _ execution: Execution
  ) -> Double {
    let part = gradients.flat.rows(own)
    let squares = Tensor([Float(execution.backend.innerProduct(part, part))], shape: [1])
    execution.communicator.sum(squares)
    return Double(squares.scalar).squareRoot()
  }
}

extension AdamW {
  /// A run of floats with the same treatment.
  struct Segment: Equatable {
    var range: Range<Int>
    var decays: Bool
  }

  /// The runs of `range` that decay or do not; parameters next to each other with the same treatment
  /// are one run, the gaps after them included (zero gradients keep zeros zero).
  func segments(in range: Range<Int>) -> [Segment] {
    let entries = firstMoments.layout.entries
    var segments: [Segment] = []
    for (index, entry) in entries.enumerated() {
      let end = index + 1 < entries.count ? entries[index + 1].offset : firstMoments.layout.count
      let part = (entry.offset..<end).clamped(to: range)
      guard !part.isEmpty else { continue }
      if let last = segments.indices.last, segments[last].decays == entry.decays {
        segments[last].range = segments[last].range.lowerBound..<part.upperBound
      } else {
        segments.append(Segment(range: part, decays: entry.decays))
      }
    }
    return segments
  }
}
