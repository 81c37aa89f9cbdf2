import NeuralKit

/// A kernel at a size that matters for training, and its number of floating-point operations.
struct KernelWork: Sendable {
  /// What a person is shown.
  let name: String
  private let operations: Double
  private let prepare: @Sendable () -> @Sendable () -> Void

  /// A large square product, the two projections of a text tower, and 3 x 3 convolutions of the
  /// compact preset and of RN50, forward and backward.
  static let all: [KernelWork] = [
    product(1024, 1024, 1024),
    product(2048, 512, 128),
    convolution(batch: 32, edge: 16, channels: 64),
    convolution(batch: 4, edge: 56, channels: 64),
    convolutionBackward(batch: 32, edge: 16, channels: 64),
  ]

  /// Operations per second of all replicas, each with data of its own.
  func rate(_ replicas: ReplicaGroup, seconds: Double) -> Double {
    let bodies = (0..<replicas.count).map { _ in prepare() }
    return MachineRates.rate(replicas, seconds: seconds) { rank in
      bodies[rank]()
      return operations
    }
  }

  private static func product(_ m: Int, _ n: Int, _ k: Int) -> KernelWork {
    KernelWork(name: "product \(m) x \(n) x \(k)", operations: 2 * Double(m * n * k)) {
      let a = filled([m, k])
      let b = filled([n, k])
      let sum = filled([m, n])
      return {
        CPUBackend().accumulateProduct(
          a, transposed: false, b, transposed: true, scale: 1e-6, into: sum)
      }
    }
  }

  private static func convolution(batch: Int, edge: Int, channels: Int) -> KernelWork {
    KernelWork(
      name: "convolution 3 x 3, \(channels) channels, \(edge) x \(edge), batch \(batch)",
      operations: 2 * 9 * Double(batch * edge * edge * channels * channels)
    ) {
      let x = filled([batch, edge, edge, channels])
      let weight = filled([channels, channels, 3, 3])
      return { _ = CPUBackend().convolution(x, weight: weight, stride: 1, padding: 1) }
    }
  }

  private static func convolutionBackward(batch: Int, edge: Int, channels: Int) -> KernelWork {
    KernelWork(
      name: "its gradients of weights and input",
      operations: 2 * 2 * 9 * Double(batch * edge * edge * channels * channels)
    ) {
      let x = filled([batch, edge, edge, channels])
      let weight = filled([channels, channels, 3, 3])
      let gradient = filled([batch, edge, edge, channels])
      let sum = filled([channels, channels, 3, 3])
      return {
        _ = CPUBackend().convolutionBackward(
          gradient, x: x, weight: weight, stride: 1, padding: 1, accumulatingInto: sum,
          needsInputGradient: true)
      }
    }
  }

  /// Small numbers without denormals or overflow, whose values do not matter.
  private static func filled(_ shape: [Int]) -> Tensor {
    var random = SeededGenerator(seed: 3)
    return Tensor(random.normals(shape.reduce(1, *)), shape: shape)
  }
}
