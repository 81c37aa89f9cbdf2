/// Sizes of one convolution, and which input elements meet which weights.
private struct ConvolutionShape {
  let batch: Int, height: Int, width: Int, channels: Int
  let outputs: Int, kernelHeight: Int, kernelWidth: Int
  let stride: Int, padding: Int

  init(_ x: [Int], weight: [Int], stride: Int, padding: Int) {
    precondition(
      x.count == 4 && weight.count == 4 && x[3] == weight[1] && stride > 0 && padding >= 0,
      "convolution: images \(x) do not fit weights \(weight)")
    (batch, height, width, channels) = (x[0], x[1], x[2], x[3])
    (outputs, kernelHeight, kernelWidth) = (weight[0], weight[2], weight[3])
    (self.stride, self.padding) = (stride, padding)
  }

  var outputHeight: Int { (height + 2 * padding - kernelHeight) / stride + 1 }
  var outputWidth: Int { (width + 2 * padding - kernelWidth) / stride + 1 }
  var outputShape: [Int] { [batch, outputHeight, outputWidth, outputs] }

  /// Calls `body` with the first elements of an output position (all `outputs`), of the input position
  /// under one weight (all `channels`), and the place of that weight in its kernel.
  func forEachTap(_ body: (_ output: Int, _ input: Int, _ place: Int) -> Void) {
    for item in 0..<batch {
      for row in 0..<outputHeight {
        for column in 0..<outputWidth {
          let output = ((item * outputHeight + row) * outputWidth + column) * outputs
          for kernelRow in 0..<kernelHeight {
            let y = row * stride + kernelRow - padding
            guard (0..<height).contains(y) else { continue }
            for kernelColumn in 0..<kernelWidth {
              let x = column * stride + kernelColumn - padding
              guard (0..<width).contains(x) else { continue }
              let input = ((item * height + y) * width + x) * channels
              body(output, input, kernelRow * kernelWidth + kernelColumn)
            }
          }
        }
      }
    }
  }
}

extension ReferenceBackend {
  package func convolution(_ x: Tensor, weight: Tensor, stride: Int, padding: Int) -> Tensor {
    let shape = ConvolutionShape(x.shape, weight: weight.shape, stride: stride, padding: padding)
    let places = shape.kernelHeight * shape.kernelWidth
    let result = Tensor(repeating: 0, shape: shape.outputShape)
    shape.forEachTap { output, input, place in
      for o in 0..<shape.outputs {
        var total = 0.0
        for c in 0..<shape.channels {
          total +=
            Double(x[element: input + c])
            * Double(weight[element: (o * shape.channels + c) * places + place])
        }
        result[element: output + o] += Float(total)
      }
    }
    return result
  }

  package func convolutionBackward(
    _ gradient: Tensor, x: Tensor, weight: Tensor, stride: Int, padding: Int,
    accumulatingInto weightGradient: Tensor, needsInputGradient: Bool
  ) -> Tensor? {
    let shape = ConvolutionShape(x.shape, weight: weight.shape, stride: stride, padding: padding)
    requireEqual(gradient.shape, shape.outputShape, "convolutionBackward")
    requireEqual(weight.shape, weightGradient.shape, "convolutionBackward")
    let places = shape.kernelHeight * shape.kernelWidth
    let inputGradient = needsInputGradient ? Tensor(repeating: 0, shape: x.shape) : nil
    var weightSums = [Double](repeating: 0, count: weight.count)
    shape.forEachTap { output, input, place in
      for o in 0..<shape.outputs {
        let slope = gradient[element: output + o]
        for c in 0..<shape.channels {
          let index = (o * shape.channels + c) * places + place
          weightSums[index] += Double(slope) * Double(x[element: input + c])
          inputGradient?[element: input + c] += slope * weight[element: index]
        }
      }
    }
    for (index, sum) in weightSums.enumerated() { weightGradient[element: index] += Float(sum) }
    return inputGradient
  }
}
