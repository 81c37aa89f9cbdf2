import CKernels
import Foundation

extension CPUBackend {
  package func crossEntropy(
    _ logits: Tensor, targets: [Int32], gradientScale: Float
  ) -> (losses: Tensor, gradient: Tensor) {
    precondition(
      logits.rowCount == targets.count,
      "crossEntropy: logits \(logits.shape) with \(targets.count) targets")
    require(targets, below: logits.columnCount)
    let losses = Tensor(uninitialized: [targets.count])
    let gradient = Tensor(uninitialized: logits.shape)
    kernels.pointee.crossEntropy(
      losses.pointer, gradient.pointer, logits.pointer, targets, gradientScale, logits.rowCount,
      logits.columnCount)
    return (losses, gradient)
  }

  package func total(_ x: Tensor) -> Double { kernels.pointee.total(x.pointer, x.count) }

  package func innerProduct(_ x: Tensor, _ y: Tensor) -> Double {
    y.require(count: x.count, "y")
    return kernels.pointee.innerProduct(x.pointer, y.pointer, x.count)
  }

  package func adamWInPlace(
    values: Tensor, gradients: Tensor, firstMoments: Tensor, secondMoments: Tensor, step: AdamWStep
  ) {
    gradients.require(count: values.count, "gradients")
    firstMoments.require(count: values.count, "firstMoments")
    secondMoments.require(count: values.count, "secondMoments")
    precondition(step.number > 0, "adamWInPlace: steps count from 1, this is \(step.number)")
    // Powers and roots in double precision: 0.999^t is close to 1 for long.
    let correction1 = 1 - pow(Double(step.beta1), Double(step.number))
    let correction2 = 1 - pow(Double(step.beta2), Double(step.number))
    let scalars = CKAdamW(
      decay: Float(1 - Double(step.learningRate) * Double(step.weightDecay)), beta1: step.beta1,
      beta2: step.beta2, epsilon: step.epsilon,
      stepSize: Float(Double(step.learningRate) / correction1),
      inverseRootCorrection: Float(1 / correction2.squareRoot()), gradientScale: step.gradientScale)
    kernels.pointee.adamW(
      values.pointer, firstMoments.pointer, secondMoments.pointer, gradients.pointer, scalars,
      values.count)
  }
}
