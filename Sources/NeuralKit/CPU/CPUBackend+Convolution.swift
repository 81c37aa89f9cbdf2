import CKernels
import CLinearAlgebra

// Three ways, each where it is the fastest: 1 by 1 kernels without stride are products of the pixels
// as they lie; windows that do not overlap (a vision transformer's patches) are copied into rows and
// multiplied; everything else goes to oneDNN.
extension CPUBackend {
  package func convolution(_ x: Tensor, weight: Tensor, stride: Int, padding: Int) -> Tensor {
    let shape = ConvolutionPlan(x, weight, stride: stride, padding: padding)
    let output = Tensor(uninitialized: shape.output)
    guard output.count > 0 else { return output }
    switch shape.method {
    case .product:
      accumulateProduct(
        shape.pixels(x), weight.asRows, into: output, transposed: (false, true), keeping: 0)
    case .patches:
      let patches = gatherPatches(x, shape)
      let kernel = channelsLast(weight, shape)
      accumulateProduct(
        patches, kernel, into: output.reshaped([shape.outputPixels, shape.outChannels]),
        transposed: (false, true), keeping: 0)
    case .direct:
      shape.withDescription { description in
        shape.check(
          cla_convolution_forward(description, x.pointer, weight.pointer, output.pointer))
      }
    }
    return output
  }

  package func convolutionBackward(
    _ gradient: Tensor, x: Tensor, weight: Tensor, stride: Int, padding: Int,
    accumulatingInto weightGradient: Tensor, needsInputGradient: Bool
  ) -> Tensor? {
    let shape = ConvolutionPlan(x, weight, stride: stride, padding: padding)
    gradient.require(shape.output, "gradient")
    weightGradient.require(weight.shape, "weightGradient")
    let xGradient = needsInputGradient ? Tensor(uninitialized: x.shape) : nil
    guard gradient.count > 0 else { return xGradient }
    switch shape.method {
    case .product: productBackward(gradient, x, weight, shape, weightGradient, xGradient)
    case .patches: patchesBackward(gradient, x, weight, shape, weightGradient, xGradient)
    case .direct:
      shape.withDescription { description in
        shape.check(
          cla_convolution_backward_weight(
            description, x.pointer, gradient.pointer, weightGradient.pointer))
        guard let xGradient else { return }
        shape.check(
          cla_convolution_backward_input(
            description, gradient.pointer, weight.pointer, xGradient.pointer))
      }
    }
    return xGradient
  }

  private func productBackward(
    _ gradient: Tensor, _ x: Tensor, _ weight: Tensor, _ shape: ConvolutionPlan,
    _ weightGradient: Tensor, _ xGradient: Tensor?
  ) {
    accumulateProduct(
      gradient, shape.pixels(x), into: weightGradient.asRows, transposed: (true, false), keeping: 1)
    guard let xGradient else { return }
    accumulateProduct(
      gradient, weight.asRows, into: shape.pixels(xGradient), transposed: (false, false), keeping: 0
    )
  }

  private func patchesBackward(
    _ gradient: Tensor, _ x: Tensor, _ weight: Tensor, _ shape: ConvolutionPlan,
    _ weightGradient: Tensor, _ xGradient: Tensor?
  ) {
    let patches = gatherPatches(x, shape)
    let kernelGradient = Tensor(uninitialized: [shape.outChannels, shape.patchCount])
    accumulateProduct(
      gradient, patches, into: kernelGradient, transposed: (true, false), keeping: 0)
    kernels.pointee.accumulateChannelsLast(
      weightGradient.pointer, kernelGradient.pointer, shape.outChannels, shape.channels,
      shape.kernel * shape.kernel)
    guard let xGradient else { return }
    accumulateProduct(
      gradient, channelsLast(weight, shape), into: patches, transposed: (false, false), keeping: 0)
    kernels.pointee.scatterPatches(
      xGradient.pointer, patches.pointer, shape.batch, shape.height, shape.width, shape.channels,
      shape.kernel, shape.stride, shape.padding)
  }

  /// `[output pixels, kernel * kernel * channels]`.
  private func gatherPatches(_ x: Tensor, _ shape: ConvolutionPlan) -> Tensor {
    let patches = Tensor(uninitialized: [shape.outputPixels, shape.patchCount])
    kernels.pointee.gatherPatches(
      patches.pointer, x.pointer, shape.batch, shape.height, shape.width, shape.channels,
      shape.kernel, shape.stride, shape.padding)
    return patches
  }

  /// Weights in the order of a patch, `[O, kernel * kernel * channels]`.
  private func channelsLast(_ weight: Tensor, _ shape: ConvolutionPlan) -> Tensor {
    let result = Tensor(uninitialized: [shape.outChannels, shape.patchCount])
    kernels.pointee.channelsLast(
      result.pointer, weight.pointer, shape.outChannels, shape.channels, shape.kernel * shape.kernel
    )
    return result
  }

  /// A product whose result may be overwritten memory (`keeping` 0) or a sum (1).
  private func accumulateProduct(
    _ a: Tensor, _ b: Tensor, into result: Tensor, transposed: (a: Bool, b: Bool), keeping: Float
  ) {
    let k = transposed.a ? a.rowCount : a.columnCount
    cla_product(
      transposed.a, transposed.b, Int32(result.rowCount), Int32(result.columnCount), Int32(k), 1,
      a.pointer, Int32(a.columnCount), b.pointer, Int32(b.columnCount), keeping, result.pointer,
      Int32(result.columnCount))
  }
}

extension Tensor {
  /// The first axis against all others.
  fileprivate var asRows: Tensor { reshaped([shape[0], shape[0] == 0 ? 0 : count / shape[0]]) }
}
