import NeuralKit

extension Doctor {
  /// Compares the kernels in use with plain loops in double precision, at ragged sizes.
  static func checks() -> [DoctorReport.Check] { productChecks() + convolutionChecks() }

  /// Rounding of sums of this package's lengths stays well below it; a wrong kernel does not.
  private static let tolerance = 1e-5

  private static func productChecks() -> [DoctorReport.Check] {
    [(17, 33, 65), (128, 257, 96), (3, 1000, 5)].map { m, n, k in
      var random = SeededGenerator(seed: 1, UInt64(m), UInt64(n), UInt64(k))
      let a = Tensor(random.normals(m * k), shape: [m, k])
      let b = Tensor(random.normals(n * k), shape: [n, k])
      return check("product \(m) x \(n) x \(k)") { backend in
        [backend.product(a, transposed: false, b, transposed: true, scale: 0.5)]
      }
    }
  }

  private static func convolutionChecks() -> [DoctorReport.Check] {
    [(5, 6, 3, 1), (7, 16, 3, 2), (3, 8, 1, 1)].map { channels, outputs, kernel, stride in
      var random = SeededGenerator(seed: 2, UInt64(channels), UInt64(kernel))
      let x = Tensor(random.normals(3 * 9 * 11 * channels), shape: [3, 9, 11, channels])
      let weight = Tensor(
        random.normals(outputs * channels * kernel * kernel),
        shape: [outputs, channels, kernel, kernel])
      let padding = kernel / 2
      let name = "convolution \(channels) to \(outputs), \(kernel) x \(kernel), stride \(stride)"
      return check("\(name), with gradients") { backend in
        let output = backend.convolution(x, weight: weight, stride: stride, padding: padding)
        let weightGradient = Tensor(repeating: 0, shape: weight.shape)
        let xGradient = backend.convolutionBackward(
          output, x: x, weight: weight, stride: stride, padding: padding,
          accumulatingInto: weightGradient, needsInputGradient: true)
        return [output, weightGradient] + (xGradient.map { [$0] } ?? [])
      }
    }
  }

  /// The largest relative error of what `work` returns.
  private static func check(
    _ name: String, _ work: (any Backend) -> [Tensor]
  ) -> DoctorReport.Check {
    let errors = zip(work(CPUBackend()), work(ReferenceBackend())).map { fast, plain in
      var difference = 0.0
      var norm = 0.0
      for (a, b) in zip(fast.scalars, plain.scalars) {
        difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
        norm += Double(b) * Double(b)
      }
      let error = (difference / norm).squareRoot()
      // What is not a number must not pass as small.
      return error.isFinite ? error : Double.greatestFiniteMagnitude
    }
    return .init(name: name, relativeError: errors.max() ?? 0, tolerance: tolerance)
  }
}
