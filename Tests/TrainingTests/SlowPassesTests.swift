import AuditEncoders
import AuditRisk
import AuditTraining
import NeuralKit
import Testing

@Suite struct SlowPassesTests {
  private struct Course: Equatable {
    var stages: [Stage] = []
    var endsOfStages: [Int] = []
    var splits: [Int] = []
    var totals: Set<Int> = []
  }

  /// What epochs three slow passes and two of mixed training become.
  private static func course(goal: Double, rewinds: Bool = true) throws -> Course {
    let crawl = try SyntheticCrawl(count: 80, seed: 4)
    var configuration = TrainingConfiguration.tiny(.safeclip, epochs: 6)
    configuration.slowPasses = 3
    configuration.slowAlignmentGoal = goal
    configuration.rewindsAfterSplit = rewinds
    let trainer = try Trainer(.transformer, crawl, configuration, seed: 4)
    var course = Course()
    var lastTotal = 0
    let last = try trainer.run(
      from: trainer.freshState,
      Trainer.Observer(
        onProgress: { lastTotal = $0.epochs },
        onEpoch: { outcome, _ in
          course.stages.append(outcome.record.stage)
          if outcome.record.endsStage { course.endsOfStages.append(outcome.record.epoch) }
          if outcome.decision?.safeSet != nil, outcome.record.stage != .mixed {
            course.splits.append(outcome.record.epoch)
          }
          course.totals.insert(lastTotal)
        }))
    #expect(last.completedEpochs == course.stages.count)
    return course
  }

  @Test(
    "slow passes end when the watched pairs are told apart, and mixed training has its epochs all the same"
  )
  func early() throws {
    let course = try Self.course(goal: 0.001)
    #expect(course.stages == [.warmUp, .slowPass, .mixed, .mixed])
    #expect(course.endsOfStages == [0, 1, 3])
    #expect(course.splits == [1])
    #expect(course.totals == [6, 4])
  }

  @Test("slow passes that do not reach the goal are all made")
  func whole() throws {
    for rewinds in [true, false] {
      let course = try Self.course(goal: 1, rewinds: rewinds)
      #expect(course.stages == [.warmUp, .slowPass, .slowPass, .slowPass, .mixed, .mixed])
      #expect(course.endsOfStages == [0, 3, 5])
      #expect(course.splits == [3])
      #expect(course.totals == [6])
    }
  }
}
