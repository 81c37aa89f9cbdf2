import AuditEvaluation
import AuditRisk
import Foundation
import NeuralKit
import Testing

@Suite("Linear probes")
struct LinearProbeTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend()]

  @Test(
    "coefficients and predictions are scikit-learn's",
    arguments: GoldenProbe.all, backends.indices)
  func golden(_ golden: GoldenProbe, backend index: Int) throws {
    let backend = Self.backends[index]
    let features = GoldenProbe.features(0..<90)
    let labels = GoldenProbe.labels(0..<90, classCount: 3)
    var fitting = LinearProbeFitting()
    fitting.inverseRegularization = golden.inverseRegularization
    fitting.gradientTolerance = 1e-7
    let probe = try #require(
      LinearProbe.fit(features: features, labels: labels, classCount: 3, fitting: fitting, backend))
    #expect(probe.isConverged && probe.standardization == nil)
    for (found, expected) in zip(probe.weights, golden.coefficients) {
      #expect(isClose(found / expected, 1, within: 1e-3), "\(found) for \(expected)")
    }
    for (found, expected) in zip(probe.intercepts, golden.intercepts) {
      #expect(isClose(found / expected, 1, within: 1e-3), "\(found) for \(expected)")
    }
    let predictions = probe.classify(GoldenProbe.features(90..<150), backend)
    #expect(predictions == golden.predictions)
    let accuracy = try #require(
      probe.accuracy(features: features, labels: labels, backend))
    #expect(isClose(accuracy.value, golden.accuracy, within: 1e-12))
  }

  @Test("two classes are scikit-learn's with twice its C")
  func twoClasses() throws {
    let backend = CPUBackend()
    let labels = GoldenProbe.labels(0..<90, classCount: 2)
    let probe = try #require(
      LinearProbe.fit(
        features: GoldenProbe.features(0..<90), labels: labels, classCount: 2, backend))
    let binary = GoldenProbe.binary
    for column in 0..<4 {
      let found = probe.weights[4 + column] - probe.weights[column]
      #expect(isClose(found / binary.coefficients[column], 1, within: 1e-3))
    }
    let intercept = probe.intercepts[1] - probe.intercepts[0]
    #expect(isClose(intercept / binary.intercepts[0], 1, within: 1e-3))
    #expect(probe.classify(GoldenProbe.features(90..<150), backend) == binary.predictions)
  }

  @Test("standardised features give scikit-learn's pipeline, a constant feature included")
  func standardised() throws {
    let backend = CPUBackend()
    let golden = GoldenProbe.standardised
    let features = GoldenProbe.unevenFeatures(0..<90)
    let labels = GoldenProbe.labels(0..<90, classCount: 3)
    var fitting = LinearProbeFitting()
    fitting.standardizesFeatures = true
    let probe = try #require(
      LinearProbe.fit(features: features, labels: labels, classCount: 3, fitting: fitting, backend))
    let standardization = try #require(probe.standardization)
    #expect(largestDifference(standardization.means, GoldenProbe.means) < 1e-12)
    #expect(largestDifference(standardization.deviations, GoldenProbe.deviations) < 1e-12)
    for (found, expected) in zip(probe.weights, golden.coefficients) {
      #expect(isClose(found, expected, within: 1e-3 * abs(expected)))
    }
    #expect(largestDifference(probe.intercepts, golden.intercepts) < 1e-5)
    #expect(probe.classify(features, backend) == golden.predictions)
    #expect(standardization(features).scalars.allSatisfy { $0.isFinite && abs($0) < 2 })
  }

  @Test("what is fitted does not depend on the order of the examples")
  func permutation() throws {
    var generator = SeededGenerator(seed: 31)
    let order = generator.permutation(90)
    let backend = CPUBackend()
    let features = GoldenProbe.features(0..<90)
    let labels = GoldenProbe.labels(0..<90, classCount: 3)
    let first = try #require(
      LinearProbe.fit(features: features, labels: labels, classCount: 3, backend))
    let second = try #require(
      LinearProbe.fit(
        features: backend.gatherRows(features, order), labels: order.map { labels[Int($0)] },
        classCount: 3, backend))
    #expect(largestDifference(first.weights, second.weights) < 1e-4)
    #expect(largestDifference(first.intercepts, second.intercepts) < 1e-4)
  }

  @Test("more examples than a block give the fit of their distinct ones")
  func blocks() throws {
    // 30 copies of 90 examples are one copy at 30 times the C.
    let backend = CPUBackend()
    let copies = (0..<2_700).map { Int32($0 % 90) }
    let features = GoldenProbe.features(0..<90)
    let labels = GoldenProbe.labels(0..<90, classCount: 3)
    var fitting = LinearProbeFitting()
    fitting.inverseRegularization = 3
    let once = try #require(
      LinearProbe.fit(features: features, labels: labels, classCount: 3, fitting: fitting, backend))
    fitting.inverseRegularization = 0.1
    let often = try #require(
      LinearProbe.fit(
        features: backend.gatherRows(features, copies), labels: copies.map { labels[Int($0)] },
        classCount: 3, fitting: fitting, backend))
    #expect(largestDifference(once.weights, often.weights) < 1e-4)
    let predictions = often.classify(backend.gatherRows(features, copies), backend)
    let expected = once.classify(features, backend)
    #expect(predictions == copies.map { expected[Int($0)] })
  }

  @Test("a stronger penalty gives smaller weights")
  func penalty() throws {
    var previous = Double.infinity
    for inverse in [10, 1, 0.1, 0.01, 1e-6] {
      var fitting = LinearProbeFitting()
      fitting.inverseRegularization = inverse
      let probe = try #require(
        LinearProbe.fit(
          features: GoldenProbe.features(0..<90),
          labels: GoldenProbe.labels(0..<90, classCount: 3), classCount: 3, fitting: fitting,
          CPUBackend()))
      let squares = probe.weights.reduce(0) { $0 + $1 * $1 }
      #expect(squares < previous)
      previous = squares
    }
    #expect(previous < 1e-6)
  }

  @Test("without any use of the features the intercepts are the logarithms of the classes' shares")
  func intercepts() throws {
    let labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2]
    let probe = try #require(
      LinearProbe.fit(
        features: Tensor(repeating: 0, shape: [10, 3]), labels: labels, classCount: 3,
        ReferenceBackend()))
    #expect(probe.weights.allSatisfy { $0 == 0 })
    #expect(isClose(probe.intercepts[0] - probe.intercepts[1], log(2), within: 1e-4))
    #expect(isClose(probe.intercepts[0] - probe.intercepts[2], log(6), within: 1e-4))
    #expect(
      probe.accuracy(
        features: Tensor(repeating: 0, shape: [10, 3]), labels: labels, ReferenceBackend())?.value
        == 0.6)
  }

  @Test("a class without an example is never predicted, and one class is always right")
  func missingClasses() throws {
    let backend = CPUBackend()
    let features = GoldenProbe.features(0..<90)
    let labels = GoldenProbe.labels(0..<90, classCount: 3).map { $0 == 1 ? 3 : $0 }
    let probe = try #require(
      LinearProbe.fit(features: features, labels: labels, classCount: 5, backend))
    #expect(probe.isConverged && probe.classCount == 5)
    #expect(Set(probe.classify(features, backend)) == [0, 2, 3])
    let single = try #require(
      LinearProbe.fit(
        features: features, labels: [Int](repeating: 1, count: 90), classCount: 2, backend))
    #expect(single.classify(features, backend).allSatisfy { $0 == 1 })
  }

  @Test("without an example there is no probe, and the iteration limit is reported")
  func ends() throws {
    let backend = ReferenceBackend()
    let none = LinearProbe.fit(
      features: Tensor([], shape: [0, 4]), labels: [], classCount: 3, backend)
    #expect(none == nil)
    var fitting = LinearProbeFitting()
    fitting.maximumIterations = 2
    let probe = try #require(
      LinearProbe.fit(
        features: GoldenProbe.features(0..<20), labels: GoldenProbe.labels(0..<20, classCount: 3),
        classCount: 3, fitting: fitting, backend))
    #expect(probe.outcome == .iterationLimit && !probe.isConverged && probe.iterations == 2)
    #expect(probe.classify(Tensor([], shape: [0, 4]), backend).isEmpty)
    #expect(
      probe.accuracy(features: Tensor([], shape: [0, 4]), labels: [], backend) == nil)
  }
}
