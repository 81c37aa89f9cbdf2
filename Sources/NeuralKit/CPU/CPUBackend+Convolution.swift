import CKernels
import CLinearAlgebra

// What is fastest differs by direction and width. Measured on Zen 3, one thread, in GFLOP/s of about 100:
// oneDNN's direct convolutions with 3 by 3 kernels reach 56-85 forward, 75-97 backward to the input
// and 42-70 backward to the weights; products over blocks of copied windows 82-88 and 72-90 from 64 and
// 32 channels on. Pointwise convolutions reach 90-97 either way.
extension CPUBackend {
  package func convolution(_ x: Tensor, weight: Tensor, stride: Int, padding: Int) -> Tensor {
    let plan = ConvolutionPlan(x, weight, stride: stride, padding: padding)
    let output = Tensor(uninitialized: plan.output)
    guard output.count > 0 else { return output }
    if plan.windowsAreDisjoint || (plan.kernel > 1 && plan.channels >= 64) {
      convolveByBlocks(x, weight, plan, into: output)
    } else {
      plan.withDescription { description in
        plan.check(
          cla_convolution_forward(description, x.pointer, weight.pointer, output.pointer))
      }
    }
    return output
  }

  package func convolutionBackward(
    _ gradient: Tensor, x: Tensor, weight: Tensor, stride: Int, padding: Int,
    accumulatingInto weightGradient: Tensor, needsInputGradient: Bool
  ) -> Tensor? {
    let plan = ConvolutionPlan(x, weight, stride: stride, padding: padding)
    gradient.require(plan.output, "gradient")
    weightGradient.require(weight.shape, "weightGradient")
    guard gradient.count > 0 else {
      return needsInputGradient ? Tensor(repeating: 0, shape: x.shape) : nil
    }
    accumulateWeightGradient(gradient, x, plan, into: weightGradient)
    return needsInputGradient ? inputGradient(gradient, x, weight, plan) : nil
  }

  /// Products of blocks of windows, which stay in cache between being copied and being multiplied.
  private func convolveByBlocks(
    _ x: Tensor, _ weight: Tensor, _ plan: ConvolutionPlan, into output: Tensor
  ) {
    let kernel = channelsLast(weight, plan)
    let lines = plan.linesPerBlock(floats: 1 << 16)
    let windows = Tensor(uninitialized: [lines * plan.outputWidth, plan.windowCount])
    let rows = output.reshaped([plan.outputPixels, plan.outChannels])
    for block in plan.blocks(lines: lines) {
      let pixels = plan.pixels(lines: block)
      let part = windows.rows(0..<pixels.count)
      gatherWindows(of: x, plan, lines: block, into: part)
      multiply(part, kernel, transposed: (false, true), into: rows.rows(pixels))
    }
  }

  private func inputGradient(
    _ gradient: Tensor, _ x: Tensor, _ weight: Tensor, _ plan: ConvolutionPlan
  ) -> Tensor {
    let result = Tensor(uninitialized: x.shape)
    if plan.isPointwise && plan.outChannels > 64 {
      multiply(gradient, weight.asRows, transposed: (false, false), into: plan.pixels(result))
    } else if plan.windowsAreDisjoint {
      let windows = Tensor(uninitialized: [plan.outputPixels, plan.windowCount])
      multiply(gradient, channelsLast(weight, plan), transposed: (false, false), into: windows)
      kernels.pointee.scatterPatches(
        result.pointer, windows.pointer, plan.batch, plan.height, plan.width, plan.channels,
        plan.kernel, plan.stride, plan.padding)
    } else {
      plan.withDescription { description in
        plan.check(
          cla_convolution_backward_input(
            description, gradient.pointer, weight.pointer, result.pointer))
      }
    }
    return result
  }

  private func accumulateWeightGradient(
    _ gradient: Tensor, _ x: Tensor, _ plan: ConvolutionPlan, into weightGradient: Tensor
  ) {
    if plan.isPointwise {
      multiply(
        gradient, plan.pixels(x), transposed: (true, false), into: weightGradient.asRows,
        keeping: 1)
    } else if plan.channels <= 16 && !plan.windowsAreDisjoint {
      plan.withDescription { description in
        plan.check(
          cla_convolution_backward_weight(
            description, x.pointer, gradient.pointer, weightGradient.pointer))
      }
    } else {
      accumulateWeightGradientByBlocks(gradient, x, plan, into: weightGradient)
    }
  }

  /// The gradient as a sum of products of blocks of windows.
  private func accumulateWeightGradientByBlocks(
    _ gradient: Tensor, _ x: Tensor, _ plan: ConvolutionPlan, into weightGradient: Tensor
  ) {
    // Larger blocks than forward, because each one's product goes through the whole sum.
    let lines = plan.linesPerBlock(floats: 1 << 18)
    let windows = Tensor(uninitialized: [lines * plan.outputWidth, plan.windowCount])
    let sum = Tensor(uninitialized: [plan.outChannels, plan.windowCount])
    let rows = gradient.reshaped([plan.outputPixels, plan.outChannels])
    for block in plan.blocks(lines: lines) {
      let pixels = plan.pixels(lines: block)
      let part = windows.rows(0..<pixels.count)
      gatherWindows(of: x, plan, lines: block, into: part)
      multiply(
        rows.rows(pixels), part, transposed: (true, false), into: sum,
        keeping: block.lowerBound == 0 ? 0 : 1)
    }
    kernels.pointee.accumulateChannelsLast(
      weightGradient.pointer, sum.pointer, plan.outChannels, plan.channels,
      plan.kernel * plan.kernel)
  }

  /// The windows of some lines of the output, `[pixels, kernel * kernel * channels]`.
  private func gatherWindows(
    of x: Tensor, _ plan: ConvolutionPlan, lines: Range<Int>, into windows: Tensor
  ) {
    kernels.pointee.gatherPatches(
      windows.pointer, x.pointer, lines.lowerBound, lines.count, plan.height, plan.width,
      plan.channels, plan.kernel, plan.stride, plan.padding)
  }

  /// Weights in the order of a window, `[O, kernel * kernel * channels]`.
  private func channelsLast(_ weight: Tensor, _ plan: ConvolutionPlan) -> Tensor {
    let result = Tensor(uninitialized: [plan.outChannels, plan.windowCount])
    kernels.pointee.channelsLast(
      result.pointer, weight.pointer, plan.outChannels, plan.channels, plan.kernel * plan.kernel)
    return result
  }

  /// A product whose result is overwritten (`keeping` 0) or added to (1).
  private func multiply(
    _ a: Tensor, _ b: Tensor, transposed: (a: Bool, b: Bool), into result: Tensor,
    keeping: Float = 0
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
