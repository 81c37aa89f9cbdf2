import NeuralKit
import Testing

@Suite struct CPUTrainingTests {
  @Test(arguments: [[1, 1], [3, 17], [17, 3], [64, 64], [5, 1000]])
  func crossEntropyEqualsPlainLoops(shape: [Int]) {
    let logits = CPUComparison.normal(shape)
    logits.withMutableElements { for i in $0.indices { $0[i] *= 20 } }
    let targets = CPUComparison.indices(shape[0], below: shape[1])
    let expected = CPUComparison.reference.crossEntropy(
      logits, targets: targets, gradientScale: 0.5)
    for backend in CPUComparison.backends {
      let (losses, gradient) = backend.crossEntropy(logits, targets: targets, gradientScale: 0.5)
      expectClose(losses, expected.losses, "\(backend.level)")
      expectClose(gradient, expected.gradient, tolerance: 1e-6, "\(backend.level)")
    }
  }

  @Test func crossEntropyOfHugeLogitsIsFinite() {
    let logits = Tensor([1e4, -1e4, 0, 88, 89, 90], shape: [2, 3])
    for backend in CPUComparison.backends {
      let (losses, gradient) = backend.crossEntropy(logits, targets: [1, 2], gradientScale: 1)
      #expect(losses.scalars[0] == 2e4, "\(backend.level)")
      #expect(abs(losses.scalars[1] - 0.407606) < 1e-5, "\(backend.level)")
      #expect(gradient.scalars.prefix(3) == [1, -1, 0], "\(backend.level)")
    }
  }

  @Test(arguments: [1, 3, 17, 100]) func adamWEqualsPlainLoops(count: Int) {
    for backend in CPUComparison.backends {
      let states = [backend as any Backend, CPUComparison.reference].map { backend in
        let state = [
          CPUComparison.normal(count), Tensor(repeating: 0, shape: [count]),
          Tensor(repeating: 0, shape: [count]),
        ]
        for number in 1...5 {
          let gradients = CPUComparison.normal(count, stream: UInt64(number))
          backend.adamWInPlace(
            values: state[0], gradients: gradients, firstMoments: state[1], secondMoments: state[2],
            step: AdamWStep(
              learningRate: 0.01, weightDecay: 0.1, number: number, gradientScale: 0.5))
        }
        return state
      }
      for (value, expected) in zip(states[0], states[1]) {
        expectClose(value, expected, tolerance: 1e-6, "\(backend.level)")
      }
    }
  }

  @Test func adamWMatchesPyTorch() {
    // torch.optim.AdamW([1.0, -2.0], lr=0.1, weight_decay=0.1), gradients [0.5, -1.5] then [-1, 2]:
    // worked out by hand from the published formula in double precision.
    var expected = [1.0, -2.0]
    var (first, second) = ([0.0, 0.0], [0.0, 0.0])
    let steps = [[0.5, -1.5], [-1.0, 2.0]]
    let values = Tensor([1, -2], shape: [2])
    let firstMoments = Tensor(repeating: 0, shape: [2])
    let secondMoments = Tensor(repeating: 0, shape: [2])
    for (index, gradients) in steps.enumerated() {
      for i in 0..<2 {
        expected[i] *= 1 - 0.1 * 0.1
        first[i] = 0.9 * first[i] + 0.1 * gradients[i]
        second[i] = 0.999 * second[i] + 0.001 * gradients[i] * gradients[i]
        let corrections = index == 0 ? (0.1, 0.001) : (0.19, 0.001999)
        let denominator = (second[i] / corrections.1).squareRoot() + 1e-8
        expected[i] -= 0.1 * first[i] / corrections.0 / denominator
      }
      CPUBackend().adamWInPlace(
        values: values, gradients: Tensor(gradients.map { Float($0) }, shape: [2]),
        firstMoments: firstMoments, secondMoments: secondMoments,
        step: AdamWStep(learningRate: 0.1, weightDecay: 0.1, number: index + 1))
    }
    for i in 0..<2 { #expect(abs(values.scalars[i] - Float(expected[i])) < 2e-6) }
  }
}
