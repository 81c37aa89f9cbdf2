import Foundation
import NeuralKit
import Testing

@Suite("AdamW and schedules")
struct OptimiserTests {
  /// Parameters of odd sizes, decaying and not, and gradients that differ by replica.
  private struct Model: Sendable {
    let layout: ModelLayout

    init() {
      var layout = ModelLayout()
      for (index, count) in [1, 17, 16, 33, 5, 160].enumerated() {
        _ = layout.parameter(
          "p\(index)", [count], decays: index % 3 != 0, .normal(deviation: 1))
      }
      self.layout = layout
    }

    func gradients(rank: Int, of count: Int, step: Int) -> ParameterValues {
      let gradients = ParameterValues(layout: layout.parameters)
      for index in layout.parameters.entries.indices {
        let entry = gradients.entry(index)
        var generator = SeededGenerator(seed: 5, UInt64(step), UInt64(index))
        // The replicas' parts sum up to the same, whatever their number.
        for i in 0..<entry.count {
          let whole = (generator.normal() * 64).rounded() / 64
          entry[element: i] = rank == 0 ? whole - Float(count - 1) : 1
        }
      }
      return gradients
    }

    /// The weights after three steps, and the norms reported.
    func train(
      replicas: Int, _ configuration: AdamWConfiguration = .init(),
      backend: any Backend = ReferenceBackend()
    ) -> (weights: [Float], norms: [Float]) {
      let weights = layout.initialWeights(seed: 2)
      let optimiser = AdamW(configuration, layout: layout.parameters)
      let norms = Tensor(repeating: -1, shape: [3])
      ReplicaGroup(count: replicas).run { communicator in
        for step in 1...3 {
          let execution = Execution(
            backend: backend, communicator: communicator, weights: weights,
            gradients: gradients(rank: communicator.rank, of: replicas, step: step),
            mode: .training)
          let norm = optimiser.step(number: step, learningRate: 0.01, execution)
          if communicator.rank == 0, let norm { norms[element: step - 1] = Float(norm) }
        }
      }
      return (weights.parameters.flat.scalars, norms.scalars)
    }
  }

  @Test("takes the steps of the paper's algorithm 2, decay only where the layout says so")
  func stepsFollowThePaper() {
    let model = Model()
    let (found, norms) = model.train(replicas: 1)
    #expect(norms == [-1, -1, -1])
    let values = model.layout.initialWeights(seed: 2).parameters
    for (index, entry) in model.layout.parameters.entries.enumerated() {
      for place in 0..<entry.count {
        var (x, m, v) = (Double(values.entry(index)[element: place]), 0.0, 0.0)
        for step in 1...3 {
          let gradients = model.gradients(rank: 0, of: 1, step: step)
          let g = Double(gradients.entry(index)[element: place])
          m = 0.9 * m + 0.1 * g
          v = 0.999 * v + 0.001 * g * g
          let (mHat, vHat) = (
            m / (1 - pow(0.9, Double(step))), v / (1 - pow(0.999, Double(step)))
          )
          x -= 0.01 * (mHat / (vHat.squareRoot() + 1e-8) + (entry.decays ? 0.1 * x : 0))
        }
        #expect(abs(Double(found[entry.offset + place]) - x) < 2e-5, "\(entry.name)[\(place)]")
      }
    }
  }

  @Test("gives the same weights on any number of replicas", arguments: [2, 3, 5])
  func sharding(_ replicas: Int) {
    let model = Model()
    #expect(model.train(replicas: replicas).weights == model.train(replicas: 1).weights)
  }

  @Test("the fast backend takes the same steps", arguments: [1, 3])
  func fastBackend(_ replicas: Int) {
    let model = Model()
    let expected = model.train(replicas: 1).weights
    let found = model.train(replicas: replicas, backend: CPUBackend()).weights
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-5) }
  }

  @Test("leaves the gaps between parameters at zero")
  func gapsStayZero() {
    let model = Model()
    let flat = model.train(replicas: 2).weights
    var used = Set<Int>()
    for entry in model.layout.parameters.entries {
      used.formUnion(entry.offset..<entry.offset + entry.count)
    }
    #expect(used.count < flat.count)
    for index in flat.indices where !used.contains(index) { #expect(flat[index] == 0) }
  }

  @Test("clips by the norm of the whole gradient", arguments: [1, 3])
  func clipping(_ replicas: Int) {
    let model = Model()
    var configuration = AdamWConfiguration()
    configuration.gradientNormLimit = 1e9
    let (free, norms) = model.train(replicas: replicas, configuration)
    #expect(free == model.train(replicas: 1).weights, "a limit that is not reached changes nothing")
    for (step, norm) in norms.enumerated() {
      let gradient = model.gradients(rank: 0, of: 1, step: step + 1).flat.scalars
      let expected = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(abs(Double(norm) / expected - 1) < 1e-5)
    }
    // Adam hardly sees a constant factor; with a large epsilon it does.
    configuration.weightDecay = 0
    func moved(_ limit: Float) -> Double {
      configuration.gradientNormLimit = limit
      let start = model.layout.initialWeights(seed: 2).parameters.flat.scalars
      let end = model.train(replicas: replicas, configuration).weights
      return zip(start, end).reduce(0) { $0 + abs(Double($1.1) - Double($1.0)) }
    }
    configuration.epsilon = 1e-3
    #expect(moved(1e-3) < 0.2 * moved(1e9))
  }
}
