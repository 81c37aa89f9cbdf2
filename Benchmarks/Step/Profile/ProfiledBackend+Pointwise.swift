import NeuralKit

extension ProfiledBackend {
  func activate(
    _ x: Tensor, bias: Tensor?, _ activation: Activation
  ) -> (output: Tensor, input: Tensor) {
    probe.measure(.activation) { base.activate(x, bias: bias, activation) }
  }

  func activateBackward(
    _ gradient: Tensor, input: Tensor, _ activation: Activation,
    accumulatingBias biasGradient: Tensor?
  ) -> Tensor {
    probe.measure(.activation) {
      base.activateBackward(gradient, input: input, activation, accumulatingBias: biasGradient)
    }
  }

  func add(_ a: Tensor, _ b: Tensor) -> Tensor { probe.measure(.sum) { base.add(a, b) } }

  func accumulate(_ x: Tensor, scale: Float, into sum: Tensor) {
    probe.measure(.sum) { base.accumulate(x, scale: scale, into: sum) }
  }

  func fillInPlace(_ x: Tensor, _ value: Float) {
    probe.measure(.sum) { base.fillInPlace(x, value) }
  }

  // MARK: Pooling and gathering

  func averagePool(_ x: Tensor, size: Int) -> Tensor {
    probe.measure(.pooling) { base.averagePool(x, size: size) }
  }

  func averagePoolBackward(_ gradient: Tensor, size: Int, inputShape: [Int]) -> Tensor {
    probe.measure(.pooling) {
      base.averagePoolBackward(gradient, size: size, inputShape: inputShape)
    }
  }

  func meanOverPositions(_ x: Tensor) -> Tensor {
    probe.measure(.pooling) { base.meanOverPositions(x) }
  }

  func meanOverPositionsBackward(_ gradient: Tensor, length: Int) -> Tensor {
    probe.measure(.pooling) { base.meanOverPositionsBackward(gradient, length: length) }
  }

  func gatherRows(_ table: Tensor, _ indices: [Int32]) -> Tensor {
    probe.measure(.gathering) { base.gatherRows(table, indices) }
  }

  func accumulateRows(_ x: Tensor, _ indices: [Int32], into sum: Tensor) {
    probe.measure(.gathering) { base.accumulateRows(x, indices, into: sum) }
  }

  func concatenatePositions(_ a: Tensor, _ b: Tensor) -> Tensor {
    probe.measure(.gathering) { base.concatenatePositions(a, b) }
  }

  func positions(_ x: Tensor, _ range: Range<Int>) -> Tensor {
    probe.measure(.gathering) { base.positions(x, range) }
  }
}
