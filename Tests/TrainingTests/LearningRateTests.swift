import AuditTraining
import Testing

@Suite struct LearningRateTests {
  @Test("it rises linearly to the peak and then falls along a cosine to its share")
  func cosine() {
    let rate = LearningRate(peak: 0.8, finalShare: 0.1, warmUpSteps: 10)
    #expect(abs(rate.rate(step: 0, progress: 0) - 0.08) < 1e-6)
    #expect(abs(rate.rate(step: 4, progress: 0) - 0.4) < 1e-6)
    #expect(rate.rate(step: 9, progress: 0) == 0.8)
    // Half way between the peak and a tenth of it.
    #expect(abs(rate.rate(step: 50, progress: 0.5) - 0.44) < 1e-6)
    #expect(abs(rate.rate(step: 99, progress: 1) - 0.08) < 1e-6)
  }

  @Test("it never rises after the warm-up, and never leaves 0...peak", arguments: [0, 1, 7])
  func monotone(warmUpSteps: Int) {
    let rate = LearningRate(peak: 1, finalShare: 0, warmUpSteps: warmUpSteps)
    let values = (0..<50).map { rate.rate(step: $0, progress: Double($0) / 50) }
    for (earlier, later) in zip(values.dropFirst(warmUpSteps), values.dropFirst(warmUpSteps + 1)) {
      #expect(later < earlier)
    }
    #expect(values.allSatisfy { (0...1).contains($0) })
  }

  @Test("progress beyond the ends counts as the ends")
  func clamped() {
    let rate = LearningRate(peak: 1, finalShare: 0.25, warmUpSteps: 0)
    #expect(rate.rate(step: 0, progress: -1) == rate.rate(step: 0, progress: 0))
    #expect(rate.rate(step: 9, progress: 2) == rate.rate(step: 9, progress: 1))
  }

  @Test("without decay it stays at the peak after the rise")
  func constant() {
    let rate = LearningRate(peak: 5e-6, finalShare: 1, warmUpSteps: 2)
    #expect(rate.rate(step: 0, progress: 0) == 2.5e-6)
    #expect(rate.rate(step: 1, progress: 0.9) == 5e-6)
    #expect(rate.rate(step: 1000, progress: 1) == 5e-6)
  }
}

@Suite struct TrainingPlanTests {
  @Test("safeclip warms up, passes slowly, then mixes for the rest of the epochs")
  func stages() {
    let plan = TrainingPlan(TrainingConfiguration())
    #expect(plan.epochs.count == 48)
    #expect(
      plan.epochs.map(\.stage)
        == [Stage](repeating: .warmUp, count: 5) + [.slowPass]
        + [Stage](repeating: .mixed, count: 42))
    #expect(plan.epochs.map(\.numberInStage) == Array(0..<5) + [0] + Array(0..<42))
    #expect(
      plan.epochs.map(\.epochsInStage) == [5, 5, 5, 5, 5, 1] + [Int](repeating: 42, count: 42))
  }

  @Test("plain training has one stage")
  func plain() {
    var configuration = TrainingConfiguration()
    configuration.method = .clip
    configuration.epochs = 3
    #expect(TrainingPlan(configuration).epochs.map(\.stage) == [.plain, .plain, .plain])
  }

  @Test("each stage has its own learning rate: only the last one decays")
  func rates() {
    let plan = TrainingPlan(TrainingConfiguration())
    let late = 20_000
    #expect(plan.epochs[0].learningRate.rate(step: late, progress: 1) == 5e-4)
    #expect(plan.epochs[5].learningRate.rate(step: 0, progress: 0) == 5e-6)
    #expect(plan.epochs[5].learningRate.rate(step: late, progress: 1) == 5e-6)
    #expect(plan.epochs[6].learningRate.rate(step: late, progress: 0) == 5e-4)
    #expect(plan.epochs[6].learningRate.rate(step: late, progress: 1) < 1e-9)
  }

  @Test("stages may be left out")
  func withoutStages() {
    var configuration = TrainingConfiguration()
    configuration.warmUpEpochs = 0
    configuration.slowPasses = 2
    configuration.epochs = 3
    #expect(TrainingPlan(configuration).epochs.map(\.stage) == [.slowPass, .slowPass, .mixed])
  }
}
