import AuditEvaluation
import Foundation
import NeuralKit
import Testing

@Suite("Zero-shot classification")
struct ZeroShotClassifierTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend()]

  /// scikit-learn 1.9.1 and NumPy 2.4.6: images sin(0.61 (i + 1)(j + 1)) `[50, 5]`, prompts
  /// cos(0.43 (r + 1)(j + 2)) `[6 · 3, 5]`, rows divided by their `linalg.norm`; labels
  /// (i² + i / 3) mod 6; classes by argmax, hits by top_k_accuracy_score.
  @Test("class weights, classes and hits are NumPy's", arguments: backends.indices)
  func golden(backend index: Int) {
    let backend = Self.backends[index]
    let classifier = Self.classifier(backend)
    let images = Self.images(backend)
    #expect(classifier.classCount == 6 && classifier.classWeights.shape == [6, 5])
    let first = [
      -0.11446763563768642, -0.8086556100127468, -0.49226062382766694, -0.08905473620276654,
      -0.28761431983662117,
    ]
    let last = [
      -0.5091512282961538, -0.7578107226886679, -0.2130355905944275, -0.03923806449002711,
      -0.34578048923812493,
    ]
    let weights = classifier.classWeights.scalars.map(Double.init)
    #expect(largestDifference(Array(weights[..<5]), first) < 1e-6)
    #expect(largestDifference(Array(weights[25...]), last) < 1e-6)
    let classes = classifier.classify(images, backend)
    let expected = "44222133004422213330444221133044422213300442221333"
    #expect(classes == expected.compactMap(\.wholeNumberValue))
    let labels = (0..<50).map { ($0 * $0 + $0 / 3) % 6 }
    for (k, hits) in [(1, 13), (2, 20), (3, 27), (6, 50), (9, 50), (0, 0)] {
      let members = classifier.areAmongTop(k, classes: labels, images: images, backend)
      #expect(members.count { $0 } == hits, "k = \(k)")
    }
    let best = classifier.areAmongTop(1, classes: classes, images: images, backend)
    #expect(best.allSatisfy { $0 })
  }

  @Test("each prompt counts as much as another, however long its embedding")
  func lengths() {
    let backend = CPUBackend()
    let prompts = Self.prompts(backend)
    let scaled = matrix(18, 5) { row, column in
      Double(prompts[element: row * 5 + column]) * Double(1 + row % 4)
    }
    let plain = Self.classifier(backend).classWeights.scalars.map(Double.init)
    let found = ZeroShotClassifier(prompts: scaled, templates: 3, backend).classWeights.scalars
    #expect(largestDifference(plain, found.map(Double.init)) < 1e-6)
  }

  @Test("the order of templates does not matter, that of classes moves with the indices")
  func permutation() {
    let backend = ReferenceBackend()
    let images = Self.images(backend)
    let prompts = Self.prompts(backend)
    let classes = Self.classifier(backend).classify(images, backend)
    let turned: [Int32] = [2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 17, 16, 15]
    let sameClasses = ZeroShotClassifier(
      prompts: backend.gatherRows(prompts, turned), templates: 3, backend)
    #expect(sameClasses.classify(images, backend) == classes)
    let reversed: [Int32] = [15, 16, 17, 12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2]
    let otherClasses = ZeroShotClassifier(
      prompts: backend.gatherRows(prompts, reversed), templates: 3, backend)
    #expect(otherClasses.classify(images, backend) == classes.map { 5 - $0 })
  }

  @Test("of equal classes the lowest index wins, and ranks follow it", arguments: backends.indices)
  func ties(backend index: Int) {
    let backend = Self.backends[index]
    let prompts = Tensor([0, 1, 1, 0, 1, 0, 0, -1], shape: [4, 2])
    let classifier = ZeroShotClassifier(prompts: prompts, templates: 1, backend)
    let image = Tensor([1, 0], shape: [1, 2])
    #expect(classifier.classify(image, backend) == [1])
    // Order of the classes: 1, 2 (equal), then 0 and 3 (equal).
    for (place, number) in [1, 2, 0, 3].enumerated() {
      for k in 0...4 {
        let members = classifier.areAmongTop(k, classes: [number], images: image, backend)
        #expect(members == [place < k], "class \(number), k = \(k)")
      }
    }
  }

  @Test("prompts that cancel out score nothing, and no image has no class")
  func degenerate() {
    let backend = ReferenceBackend()
    let prompts = Tensor([1, 0, -1, 0, 0, 1, 0, 1], shape: [4, 2])
    let classifier = ZeroShotClassifier(prompts: prompts, templates: 2, backend)
    #expect(classifier.classWeights.scalars == [0, 0, 0, 1])
    #expect(classifier.classify(Tensor([0, -1, 0, 1], shape: [2, 2]), backend) == [0, 1])
    let none = Tensor([], shape: [0, 2])
    #expect(classifier.classify(none, backend).isEmpty)
    #expect(classifier.areAmongTop(1, classes: [], images: none, backend).isEmpty)
  }

  @Test("more images than a block are all classified")
  func blocks() {
    let backend = CPUBackend()
    let classifier = Self.classifier(backend)
    let copies = backend.gatherRows(Self.images(backend), (0..<2_500).map { Int32($0 % 50) })
    let classes = classifier.classify(Self.images(backend), backend)
    let expected = (0..<2_500).map { classes[$0 % 50] }
    #expect(classifier.classify(copies, backend) == expected)
    let members = classifier.areAmongTop(1, classes: expected, images: copies, backend)
    #expect(members.count == 2_500 && members.allSatisfy { $0 })
  }

  private static func classifier(_ backend: any Backend) -> ZeroShotClassifier {
    ZeroShotClassifier(prompts: prompts(backend), templates: 3, backend)
  }

  private static func prompts(_ backend: any Backend) -> Tensor {
    backend.normalizeRows(matrix(18, 5) { cos(0.43 * Double(($0 + 1) * ($1 + 2))) }).output
  }

  private static func images(_ backend: any Backend) -> Tensor {
    backend.normalizeRows(matrix(50, 5) { sin(0.61 * Double(($0 + 1) * ($1 + 1))) }).output
  }
}
