import AuditEncoders
import AuditRisk
import AuditTraining
import NeuralKit
import Testing

@Suite struct SlowPassesTests {
  private struct Course {
    var stages: [Stage] = []
    var endsOfStages: [Int] = []
    var splits: [Int] = []
    var totals: Set<Int> = []
    var alignments: [Double] = []
    var dropped: [Double?] = []
    var plotted: [([Float], [Float])] = []
    /// Of the state after each epoch.
    var similarities: [[Float]?] = []
    var watched: [PairSample?] = []
    var safeSets: [SafeSet?] = []
  }

  /// What becomes of one epoch of warm-up, three slow passes and two epochs of mixed training.
  private static func course(leastGain: Double, rewinds: Bool = true) throws -> Course {
    let crawl = try SyntheticCrawl(count: 80, seed: 4)
    var configuration = TrainingConfiguration.tiny(.safeclip, epochs: 6)
    configuration.slowPasses = 3
    configuration.slowLeastGain = leastGain
    configuration.rewindsAfterSplit = rewinds
    let trainer = try Trainer(.transformer, crawl, configuration, seed: 4)
    var course = Course()
    var lastTotal = 0
    let last = try trainer.run(
      from: trainer.freshState,
      Trainer.Observer(
        onProgress: { lastTotal = $0.epochs },
        onEpoch: { outcome, state in
          course.stages.append(outcome.record.stage)
          course.alignments.append(outcome.record.alignment)
          course.dropped.append(outcome.droppedAlignment)
          course.plotted.append(outcome.scores.plotted)
          if outcome.record.endsStage { course.endsOfStages.append(outcome.record.epoch) }
          if outcome.decision?.safeSet != nil, outcome.record.stage != .mixed {
            course.splits.append(outcome.record.epoch)
          }
          course.totals.insert(lastTotal)
          course.similarities.append(state.scores?.similarities)
          course.watched.append(state.scores?.watched)
          course.safeSets.append(state.safeSet)
        }))
    #expect(last.completedEpochs == course.stages.count)
    return course
  }

  @Test(
    "slow passes end with one that gains too little, the one before it splits, and mixed training has its epochs all the same"
  )
  func early() throws {
    let course = try Self.course(leastGain: 1)
    #expect(course.stages == [.warmUp, .slowPass, .slowPass, .mixed, .mixed])
    #expect(course.endsOfStages == [0, 2, 4])
    #expect(course.splits == [2])
    #expect(course.totals == [6, 5])
    let first = try #require(course.similarities[1])
    #expect(course.similarities[2] == first)
    #expect(course.watched[2] == course.watched[1])
    // The epoch is told by the scores that it left; its own alignment is told beside them.
    #expect(course.alignments[1] == course.watched[1]?.alignment.value)
    #expect(course.alignments[2] == course.alignments[1])
    #expect(course.dropped.map { $0 != nil } == [false, false, true, false, false])
    #expect(course.dropped[2] != course.alignments[1])
    // What is plotted are the pairs and shuffled ones of these scores, in the numbers of the mixture.
    #expect(course.plotted[2].0 == first && course.plotted[2].0 == course.plotted[1].0)
    #expect(course.plotted[2].1 == course.plotted[1].1 && course.plotted[2].1.count > 40)
    let safeSet = try #require(course.safeSets[2])
    let (inside, outside) = (
      safeSet.members.indices.map { first[$0] },
      first.indices.filter { !safeSet.members[$0] }.map { first[$0] }
    )
    #expect(try #require(inside.min()) >= #require(outside.max()))
    #expect(safeSet.bestAlignment == course.alignments[1])
  }

  @Test("slow passes that gain enough, or need not, are all made, and the last one splits")
  func whole() throws {
    for (leastGain, rewinds) in [(-1.0, true), (-0.999, true), (1, false)] {
      let course = try Self.course(leastGain: leastGain, rewinds: rewinds)
      #expect(course.stages == [.warmUp, .slowPass, .slowPass, .slowPass, .mixed, .mixed])
      #expect(course.endsOfStages == [0, 3, 5])
      #expect(course.splits == [3])
      #expect(course.totals == [6])
      #expect(course.watched[3]?.alignment.value == course.alignments[3])
      // Only where a pass can be the last are pairs scored before.
      #expect((course.similarities[2] != nil) == (leastGain == -0.999))
    }
  }
}
