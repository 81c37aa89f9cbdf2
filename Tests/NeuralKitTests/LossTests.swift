import Foundation
import NeuralKit
import Testing

@Suite("Losses")
struct LossTests {
  private static func unitRows(_ count: Int, seed: UInt64) -> Tensor {
    ReferenceBackend().normalizeRows(normalTensor([count, 6], seed: seed)).output
  }

  @Test(
    "a loss and its gradients are those of the whole batch on any number of replicas",
    arguments: LossRun.Kind.allCases, [(3, 2), (3, 3), (7, 2), (7, 5), (17, 4)])
  func doesNotDependOnTheDivision(_ kind: LossRun.Kind, _ batch: (items: Int, replicas: Int)) {
    let (a, b) = (Self.unitRows(batch.items, seed: 1), Self.unitRows(batch.items, seed: 2))
    let whole = LossRun(kind, a, b)
    let divided = LossRun(kind, a, b, replicas: batch.replicas)
    for value in divided.values { #expect(abs(value - whole.value) < 1e-6) }
    #expect(abs(divided.scale - whole.scale) < 1e-6)
    expectClose(divided.first, whole.first, tolerance: 1e-6)
    if kind == .contrastive { expectClose(divided.second, whole.second, tolerance: 1e-6) }
  }

  @Test(
    "gradients are slopes: of both embeddings for CLIP's loss, of the views only for the other",
    arguments: LossRun.Kind.allCases)
  func gradientsAreSlopes(_ kind: LossRun.Kind) {
    let (a, b) = (Self.unitRows(5, seed: 3), Self.unitRows(5, seed: 4))
    let run = LossRun(kind, a, b)
    let step: Float = 5e-3
    func slope(_ tensor: Tensor, _ index: Int) -> Float {
      let original = tensor[element: index]
      defer { tensor[element: index] = original }
      tensor[element: index] = original + step
      let above = LossRun(kind, a, b).value
      tensor[element: index] = original - step
      return (above - LossRun(kind, a, b).value) / (2 * step)
    }
    for index in 0..<a.count {
      #expect(abs(slope(a, index) - run.first[element: index]) < 1e-3)
      if kind == .contrastive {
        #expect(abs(slope(b, index) - run.second[element: index]) < 1e-3)
      }
    }
    let above = LossRun(kind, a, b, logarithm: 1 + step).value
    let below = LossRun(kind, a, b, logarithm: 1 - step).value
    #expect(abs((above - below) / (2 * step) - run.scale) < 1e-3)
    #expect(abs(run.scale) > 1e-2, "the case says nothing about the scale")
  }

  @Test("CLIP's loss for two pairs is the one computed by hand")
  func contrastiveLossByHand() {
    // Cosines 1, 0 / 0.6, 0.8 with s = e: the four cross-entropies written out.
    let images = Tensor([1, 0, 0.6, 0.8], shape: [2, 2])
    let texts = Tensor([1, 0, 0, 1], shape: [2, 2])
    let e = exp(1.0)
    func loss(_ right: Double, _ wrong: Double) -> Double {
      log(exp(e * right) + exp(e * wrong)) - e * right
    }
    let expected = (loss(1, 0) + loss(0.8, 0.6) + loss(1, 0.6) + loss(0.8, 0)) / 4
    #expect(abs(Double(LossRun(.contrastive, images, texts).value) - expected) < 1e-6)
    let oneDirection = (loss(1, 0) + loss(0.8, 0.6)) / 2
    #expect(abs(Double(LossRun(.nearestNeighbour, images, texts).value) - oneDirection) < 1e-6)
  }

  @Test("a single pair has no loss", arguments: LossRun.Kind.allCases)
  func singlePair(_ kind: LossRun.Kind) {
    let run = LossRun(kind, Self.unitRows(1, seed: 5), Self.unitRows(1, seed: 6))
    #expect(run.value == 0 && run.scale == 0)
    #expect(run.first.scalars.allSatisfy { $0 == 0 })
  }

  @Test("a weight scales gradients, not the value", arguments: LossRun.Kind.allCases)
  func weightScalesGradients(_ kind: LossRun.Kind) {
    let (a, b) = (Self.unitRows(4, seed: 7), Self.unitRows(4, seed: 8))
    let (whole, half) = (LossRun(kind, a, b), LossRun(kind, a, b, weight: 0.5))
    #expect(half.value == whole.value)
    #expect(abs(half.scale - whole.scale / 2) < 1e-7)
    for (h, w) in zip(half.first.scalars, whole.first.scalars) { #expect(abs(h - w / 2) < 1e-7) }
  }

  @Test("permuting the pairs permutes the gradients", arguments: LossRun.Kind.allCases)
  func permutation(_ kind: LossRun.Kind) {
    let (a, b) = (Self.unitRows(5, seed: 9), Self.unitRows(5, seed: 10))
    let order: [Int32] = [3, 0, 4, 1, 2]
    let backend = ReferenceBackend()
    let run = LossRun(kind, a, b)
    let permuted = LossRun(kind, backend.gatherRows(a, order), backend.gatherRows(b, order))
    #expect(abs(run.value - permuted.value) < 1e-6)
    expectClose(permuted.first, backend.gatherRows(run.first, order), tolerance: 1e-6)
  }

  @Test("the logit scale is held between 1 and 100")
  func logitScaleIsClamped() {
    var layout = ModelLayout()
    let scale = LogitScale(in: &layout)
    let weights = layout.initialWeights(seed: 1)
    #expect(abs(exp(weights.parameters.flat.scalar) - 1 / 0.07) < 1e-4)
    for (value, expected) in [(-0.5, 0), (2, 2), (9, log(100))] as [(Float, Float)] {
      weights.parameters.flat[element: 0] = value
      scale.clamp(weights.parameters)
      #expect(weights.parameters.flat.scalar == expected)
    }
    scale.start(weights.parameters, at: 20)
    scale.clamp(weights.parameters, limit: 10)
    #expect(abs(exp(weights.parameters.flat.scalar) - 10) < 1e-4)
  }

  @Test("training starts at the logit scale that it is told")
  func logitScaleStarts() {
    var layout = ModelLayout()
    let scale = LogitScale(in: &layout)
    let weights = layout.initialWeights(seed: 1)
    scale.start(weights.parameters, at: 50)
    #expect(abs(exp(weights.parameters.flat.scalar) - 50) < 1e-4)
  }
}
