import NeuralKit
import Testing

@Suite struct CPUConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let image: [Int]
    let outChannels: Int
    let kernel: Int
    let stride: Int
    let padding: Int

    var testDescription: String {
      "\(image) to \(outChannels), kernel \(kernel), stride \(stride), padding \(padding)"
    }
  }

  static let cases = [
    Case(image: [1, 1, 1, 1], outChannels: 1, kernel: 1, stride: 1, padding: 0),
    Case(image: [3, 5, 7, 17], outChannels: 3, kernel: 1, stride: 1, padding: 0),
    Case(image: [2, 8, 8, 64], outChannels: 32, kernel: 1, stride: 1, padding: 0),
    Case(image: [2, 9, 9, 16], outChannels: 8, kernel: 1, stride: 2, padding: 0),
    Case(image: [3, 7, 5, 3], outChannels: 17, kernel: 3, stride: 1, padding: 1),
    Case(image: [2, 17, 17, 3], outChannels: 16, kernel: 3, stride: 2, padding: 1),
    Case(image: [2, 16, 16, 3], outChannels: 32, kernel: 3, stride: 2, padding: 1),
    Case(image: [1, 8, 8, 32], outChannels: 64, kernel: 3, stride: 1, padding: 1),
    Case(image: [2, 13, 11, 5], outChannels: 7, kernel: 5, stride: 3, padding: 2),
    // Windows that lie wholly in the padding.
    Case(image: [2, 3, 4, 20], outChannels: 5, kernel: 2, stride: 1, padding: 3),
    Case(image: [1, 2, 2, 64], outChannels: 9, kernel: 3, stride: 1, padding: 1),
    Case(image: [3, 10, 9, 65], outChannels: 70, kernel: 3, stride: 2, padding: 1),
    Case(image: [2, 12, 9, 3], outChannels: 5, kernel: 3, stride: 3, padding: 0),
    Case(image: [3, 32, 32, 3], outChannels: 48, kernel: 16, stride: 16, padding: 0),
    Case(image: [1, 35, 33, 3], outChannels: 8, kernel: 8, stride: 8, padding: 0),
  ]

  @Test(arguments: cases) func convolutionsEqualPlainLoops(_ tested: Case) {
    let backend = CPUBackend()
    let reference = CPUComparison.reference
    let x = CPUComparison.normal(tested.image)
    let weight = CPUComparison.normal(
      tested.outChannels, tested.image[3], tested.kernel, tested.kernel, stream: 1)
    let (stride, padding) = (tested.stride, tested.padding)

    let output = backend.convolution(x, weight: weight, stride: stride, padding: padding)
    let expected = reference.convolution(x, weight: weight, stride: stride, padding: padding)
    expectClose(output, expected, tolerance: 4e-6, "output")

    let gradient = CPUComparison.normal(expected.shape, stream: 2)
    // Gradients of weights add to what is there.
    let weightGradient = CPUComparison.normal(weight.shape, stream: 3)
    let expectedWeightGradient = weightGradient.copied()
    let xGradient = backend.convolutionBackward(
      gradient, x: x, weight: weight, stride: stride, padding: padding,
      accumulatingInto: weightGradient, needsInputGradient: true)
    let expectedXGradient = reference.convolutionBackward(
      gradient, x: x, weight: weight, stride: stride, padding: padding,
      accumulatingInto: expectedWeightGradient, needsInputGradient: true)
    expectClose(weightGradient, expectedWeightGradient, tolerance: 4e-6, "weight gradient")
    guard let xGradient, let expectedXGradient else {
      Issue.record("no gradient of the input")
      return
    }
    expectClose(xGradient, expectedXGradient, tolerance: 4e-6, "input gradient")
  }

  @Test func theFirstLayerGetsNoInputGradient() {
    let x = CPUComparison.normal(2, 6, 6, 3)
    let weight = CPUComparison.normal(4, 3, 3, 3, stream: 1)
    let gradient = CPUComparison.normal(2, 6, 6, 4, stream: 2)
    let sum = Tensor(repeating: 0, shape: weight.shape)
    let xGradient = CPUBackend().convolutionBackward(
      gradient, x: x, weight: weight, stride: 1, padding: 1, accumulatingInto: sum,
      needsInputGradient: false)
    #expect(xGradient == nil)
    #expect(sum.scalars.contains { $0 != 0 })
  }

  @Test func anEmptyBatchGivesAnEmptyResultAndNoGradient() {
    let x = Tensor(uninitialized: [0, 6, 6, 3])
    let weight = CPUComparison.normal(4, 3, 3, 3)
    let backend = CPUBackend()
    let output = backend.convolution(x, weight: weight, stride: 1, padding: 1)
    #expect(output.shape == [0, 6, 6, 4])
    let sum = Tensor(repeating: 3, shape: weight.shape)
    let xGradient = backend.convolutionBackward(
      output, x: x, weight: weight, stride: 1, padding: 1, accumulatingInto: sum,
      needsInputGradient: true)
    #expect(xGradient?.shape == [0, 6, 6, 3])
    #expect(sum.scalars.allSatisfy { $0 == 3 })
  }

  @Test func severalThreadsConvolveAtOnce() {
    // More threads than shapes, so that primitives are shared while they run.
    let group = ReplicaGroup(count: 3)
    let x = CPUComparison.normal(2, 12, 12, 16)
    let weight = CPUComparison.normal(24, 16, 3, 3, stream: 1)
    let expected = CPUBackend().convolution(x, weight: weight, stride: 1, padding: 1)
    let results = (0..<3).map { _ in Tensor(repeating: 0, shape: expected.shape) }
    group.run { communicator in
      for _ in 0..<20 {
        let output = CPUBackend().convolution(x, weight: weight, stride: 1, padding: 1)
        results[communicator.rank].pointer.update(from: output.pointer, count: output.count)
        communicator.barrier()
      }
    }
    for result in results { #expect(result.scalars == expected.scalars) }
  }
}
