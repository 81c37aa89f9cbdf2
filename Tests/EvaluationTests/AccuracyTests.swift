import AuditEvaluation
import AuditRisk
import Testing

@Suite("Shares of images")
struct AccuracyTests {
  @Test("accuracy counts the predictions that equal their labels, with Wilson's interval")
  func accuracy() {
    let found = Accuracy.estimate(predictions: [0, 2, 1, 1, 3], labels: [0, 1, 1, 2, 3])
    #expect(found == IntervalEstimate(successes: 3, trials: 5))
    #expect(
      Accuracy.estimate(areCorrect: [true, false, false])
        == IntervalEstimate(successes: 1, trials: 3))
  }

  @Test("an attack succeeds on the images that get the class chosen for them")
  func attack() {
    let predictions = [4, 4, 2, 7]
    let oneEach = AttackSuccess.rate(predictions: predictions, adversarialClasses: [4, 1, 2, 0])
    #expect(oneEach == IntervalEstimate(successes: 2, trials: 4))
    let shared = AttackSuccess.rate(predictions: predictions, adversarialClasses: [7, 7, 7, 7])
    #expect(shared == IntervalEstimate(successes: 1, trials: 4))
    let failed = AttackSuccess.rate(predictions: predictions, adversarialClasses: [0, 0, 0, 0])
    #expect(failed?.value == 0)
  }

  @Test("an image that is there under several triggers counts once in the interval")
  func repeatedImages() {
    let rate = AttackSuccess.rate(
      predictions: [4, 4, 2, 7], adversarialClasses: [4, 4, 4, 4], distinctImages: 2)
    #expect(rate == IntervalEstimate(successes: 1, trials: 2))
  }

  @Test("without an image there is no share")
  func nothing() {
    #expect(Accuracy.estimate(predictions: [], labels: []) == nil)
    #expect(Accuracy.estimate(areCorrect: []) == nil)
    #expect(AttackSuccess.rate(predictions: [], adversarialClasses: []) == nil)
  }
}
