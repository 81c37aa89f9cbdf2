import AuditEncoders
import AuditRisk
import AuditTraining
import Foundation
import NeuralKit
import Testing
import TestSupport

@Suite(.serialized) struct TrainerTests {
  /// What a run left.
  private struct Run {
    var similarities: [UInt32] = []
    var records: [EpochRecord] = []
    var safeCounts: [Int?] = []
  }

  private static func run(
    _ trainer: Trainer, from state: TrainingState? = nil,
    onEpoch: @escaping (EpochOutcome, TrainingState) throws -> Void = { _, _ in }
  ) throws -> Run {
    var run = Run()
    let last = try trainer.run(
      from: state ?? trainer.freshState,
      Trainer.Observer(onEpoch: { outcome, state in
        run.records.append(outcome.record)
        run.safeCounts.append(state.safeSet?.members.memberCount)
        try onEpoch(outcome, state)
      }))
    run.similarities = (last.scores?.similarities ?? []).map(\.bitPattern)
    return run
  }

  @Test("the loss falls, in each stage as well", arguments: [Method.clip, .safeclip])
  func lossFalls(method: Method) throws {
    let crawl = try SyntheticCrawl(count: 96, seed: 4)
    var configuration = TrainingConfiguration.tiny(method, epochs: 8)
    configuration.warmUpEpochs = 3
    let records = try Self.run(try Trainer(.transformer, crawl, configuration, seed: 4)).records
    #expect(records.count == 8)
    #expect(records.map(\.epoch) == Array(0..<8))
    #expect(records.allSatisfy { $0.loss.isFinite && $0.steps > 0 })
    switch method {
    case .clip:
      #expect(records[7].loss < 0.8 * records[0].loss)
      #expect(records[7].alignment > 0.7)
      #expect(records.allSatisfy { $0.clipLoss != nil && $0.unimodalLoss == nil })
    case .roclip, .cleanclip:
      Issue.record("its losses are of different kinds")
    case .safeclip:
      #expect(records[2].loss < records[0].loss)
      #expect(records[7].loss < records[4].loss)
      #expect(records[0...2].allSatisfy { $0.clipLoss == nil && $0.unimodalLoss != nil })
      #expect(records[3].clipLoss != nil && records[3].unimodalLoss == nil)
      #expect(records[4...].allSatisfy { $0.clipLoss != nil && $0.unimodalLoss != nil })
    }
  }

  @Test("the logit scale starts where the settings say, and never exceeds their limit")
  func logitScaleSettings() throws {
    let crawl = try SyntheticCrawl(count: 48, seed: 4)
    var configuration = TrainingConfiguration.tiny(.clip, epochs: 2)
    configuration.logitScaleStart = 5
    configuration.logitScaleLimit = 5.001
    let trainer = try Trainer(.transformer, crawl, configuration, seed: 4)
    let start = trainer.freshState.weights.parameters[trainer.model.logitScale.parameter]
    #expect(abs(exp(start.scalar) - 5) < 1e-5)
    let scales = try Self.run(trainer).records.map(\.logitScale)
    #expect(scales.allSatisfy { $0 != 5 && $0 < 5.0011 && $0 > 4.9 })
  }

  @Test(
    "an epoch that matches images with nearest captions teaches the image tower only",
    arguments: [1, 2])
  func matching(replicas: Int) throws {
    let crawl = try SyntheticCrawl(count: 64, seed: 4)
    var configuration = TrainingConfiguration.tiny(.roclip, epochs: 4)
    configuration.matchingFrequency = 2
    // Decay would move weights without a gradient, and moments of earlier steps as well.
    configuration.weightDecay = 0
    configuration.beta1 = 0
    let trainer = try Trainer(.transformer, crawl, configuration, replicas: replicas, seed: 4)
    let entries = trainer.model.layout.parameters.entries
    func weights(_ state: TrainingState, visual: Bool) -> [Float] {
      entries.indices
        .filter { entries[$0].name != "logit_scale" }
        .filter { entries[$0].name.hasPrefix("visual.") == visual }
        .flatMap { state.weights.parameters.entry($0).scalars }
    }
    let start = trainer.freshState
    var before = (images: weights(start, visual: true), texts: weights(start, visual: false))
    var changes: [(images: Bool, texts: Bool)] = []
    _ = try Self.run(trainer, from: start) { _, state in
      let now = (images: weights(state, visual: true), texts: weights(state, visual: false))
      changes.append((now.images != before.images, now.texts != before.texts))
      before = now
    }
    #expect(changes.map(\.images) == [true, true, true, true])
    #expect(changes.map(\.texts) == [true, false, true, false])
  }

  @Test("where no epoch is left for mixed training, the run ends with the split")
  func endsWithTheSplit() throws {
    let crawl = try SyntheticCrawl(count: 96, seed: 4)
    let configuration = TrainingConfiguration.tiny(.safeclip, epochs: 2)
    #expect(configuration.warmUpEpochs + configuration.slowPasses == 2)
    let run = try Self.run(try Trainer(.transformer, crawl, configuration, seed: 4))
    #expect(run.records.map(\.stage) == [.warmUp, .slowPass])
    #expect(run.similarities.count == 96)
    #expect(run.safeCounts[0] == nil)
    #expect((run.safeCounts[1] ?? 0) > 0)
  }

  @Test(
    "which caption a watched pair has changes no weight before mixed training; another pair's does",
    arguments: [Method.clip, .safeclip])
  func watchedPairsAreNotLearned(method: Method) throws {
    let crawl = try SyntheticCrawl(count: 80, seed: 4)
    var configuration = TrainingConfiguration.tiny(method, epochs: 2)
    // The unimodal loss takes captions without their images, from these pairs too.
    configuration.warmUpEpochs = 0
    configuration.slowPasses = 2
    configuration.watchShare = 0.2
    func weights(_ crawl: SyntheticCrawl) throws -> [Float] {
      let trainer = try Trainer(.transformer, crawl, configuration, seed: 4)
      return try trainer.run(from: trainer.freshState, .init()).weights.parameters.flat.scalars
    }
    let watched = try Trainer(.transformer, crawl, configuration, seed: 4).watched
    #expect(watched.memberCount == 16)
    let before = try weights(crawl)
    #expect(try weights(crawl.passingCaptionsRound(watched.indices)) == before)
    let others = (0..<80).filter { !watched[$0] }.prefix(16)
    #expect(try weights(crawl.passingCaptionsRound(Array(others))) != before)
  }

  @Test("watched pairs rank among the others as they do among themselves", arguments: [1, 2])
  func watchedPairsAreRanked(replicas: Int) throws {
    let crawl = try SyntheticCrawl(count: 120, seed: 5)
    var configuration = TrainingConfiguration.tiny(.clip, epochs: 4)
    configuration.watchShare = 0.25
    let trainer = try Trainer(.transformer, crawl, configuration, replicas: replicas, seed: 5)
    let state = try trainer.run(from: trainer.freshState, .init())
    let similarities = try #require(state.scores?.similarities)
    let watched = try #require(state.scores?.watched)
    #expect(watched.pairs == trainer.watched.indices.map { Int32($0) })
    let placed = watched.pairs.map { similarities[Int($0)] }
    let order = { (values: [Float]) in values.indices.sorted { values[$0] < values[$1] } }
    #expect(order(placed) == order(watched.similarities))
    // Their median is that of the others.
    let others = similarities.indices.filter { !watched.pairs.contains(Int32($0)) }
      .map { similarities[$0] }
    let median = placed.sorted()[placed.count / 2]
    #expect((40...50).contains(others.count { $0 < median }))
  }

  @Test("a stop at any step ends with its error and leaves no epoch", arguments: [0, 1, 5, 9])
  func stopping(steps: Int) throws {
    let crawl = try SyntheticCrawl(count: 64, seed: 4)
    let trainer = try Trainer(.transformer, crawl, .tiny(.safeclip, epochs: 4), seed: 4)
    var asked = 0
    var finished: [Int] = []
    let observer = Trainer.Observer(
      shouldStop: {
        asked += 1
        return asked > steps
      },
      onEpoch: { outcome, _ in finished.append(outcome.record.epoch) })
    let error = #expect(throws: TrainingError.self) {
      try trainer.run(from: trainer.freshState, observer)
    }
    #expect(error == .stopped(completedEpochs: finished.count))
    #expect(error?.isStop == true)
    #expect(finished == Array(0..<finished.count))
    #expect(asked == steps + 1)
  }

  struct ResumeCase: Sendable, CustomTestStringConvertible {
    let method: Method
    let kind: TinyModel
    let replicas: Int
    var rewinds = false
    var neighbours = 0
    var endsEarly = false
    var testDescription: String {
      "\(method) of \(kind) on \(replicas)\(rewinds ? ", rewinding" : ""), \(neighbours) neighbours"
        + (endsEarly ? ", slow passes that end early" : "")
    }
  }

  @Test(
    "going on from the checkpoint of any epoch ends with bit-identical similarities",
    arguments: [
      ResumeCase(method: .safeclip, kind: .resNet, replicas: 1),
      ResumeCase(method: .safeclip, kind: .resNet, replicas: 2),
      ResumeCase(method: .safeclip, kind: .transformer, replicas: 2),
      ResumeCase(method: .safeclip, kind: .resNet, replicas: 2, rewinds: true),
      ResumeCase(method: .safeclip, kind: .resNet, replicas: 2, rewinds: true, neighbours: 5),
      ResumeCase(method: .safeclip, kind: .resNet, replicas: 2, rewinds: true, endsEarly: true),
      ResumeCase(method: .clip, kind: .resNet, replicas: 2),
    ])
  func resuming(test: ResumeCase) throws {
    let crawl = try SyntheticCrawl(count: 70, planted: 4, seed: 8)
    var configuration = TrainingConfiguration.tiny(test.method, epochs: 5)
    configuration.slowPasses = test.endsEarly ? 3 : 2
    configuration.rewindsAfterSplit = test.rewinds
    configuration.neighbours = test.neighbours
    configuration.neighbourReferences = 40
    if test.endsEarly { configuration.slowLeastGain = 1 }
    func trainer() throws -> Trainer {
      try Trainer(test.kind, crawl, configuration, replicas: test.replicas, seed: 8)
    }
    let folder = try TemporaryFolder()
    let whole = try Self.run(try trainer()) { outcome, state in
      try Checkpoint(path: folder.file("\(outcome.record.epoch)")).save(state, fingerprint: "x")
    }
    #expect(whole.similarities.count == 70)
    #expect(whole.records.count == (test.endsEarly ? 4 : 5))
    for epoch in whole.records.indices {
      let trainer = try trainer()
      var state = trainer.freshState
      try Checkpoint(path: folder.file("\(epoch)")).restore(
        &state, pairCount: 70, fingerprint: "x")
      let rest = try Self.run(trainer, from: state)
      #expect(rest.similarities == whole.similarities, "after epoch \(epoch)")
      #expect(rest.safeCounts == Array(whole.safeCounts[(epoch + 1)...]))
      #expect(rest.records.map(\.loss) == whole.records[(epoch + 1)...].map(\.loss))
      #expect(rest.records.map(\.alignment) == whole.records[(epoch + 1)...].map(\.alignment))
    }
  }

  @Test("the seed decides: the same gives the same bits, another gives others")
  func seeds() throws {
    let crawl = try SyntheticCrawl(count: 48, seed: 8)
    func similarities(seed: UInt64) throws -> [UInt32] {
      try Self.run(
        try Trainer(.transformer, crawl, .tiny(.clip, epochs: 2), replicas: 2, seed: seed)
      ).similarities
    }
    let first = try similarities(seed: 1)
    #expect(try similarities(seed: 1) == first)
    #expect(try similarities(seed: 2) != first)
  }

  @Test(
    "a crawl smaller than the machine has replicas is trained on all the same",
    arguments: [
      Method.clip, .safeclip,
    ])
  func moreReplicasThanPairs(method: Method) throws {
    let crawl = try SyntheticCrawl(count: 16, seed: 8)
    for kind in TinyModel.allCases {
      let trainer = try Trainer(
        kind, crawl, .tiny(method, epochs: 4), replicas: 5, seed: 8)
      let run = try Self.run(trainer)
      #expect(run.similarities.count == 16)
      #expect(run.similarities.allSatisfy { Float(bitPattern: $0).isFinite })
    }
  }

  @Test("the safe set begins at the split, then grows by its share up to its cap")
  func safeSet() throws {
    let crawl = try SyntheticCrawl(count: 80, seed: 2)
    var configuration = TrainingConfiguration.tiny(.safeclip, epochs: 9)
    configuration.growthShare = 0.1
    configuration.safeShareCap = 0.5
    // Alignment decides nothing here.
    configuration.alignmentTolerance = 1
    let counts = try Self.run(try Trainer(.transformer, crawl, configuration, seed: 2)).safeCounts
    #expect(counts[0] == nil)
    let sizes = counts.dropFirst().compactMap(\.self)
    #expect(sizes.count == 8)
    #expect(sizes[0] >= 2)
    for (earlier, later) in zip(sizes, sizes.dropFirst()) {
      #expect(later == max(earlier, min(40, earlier + 8)))
    }
    #expect(sizes.last == 40)
  }

  @Test("a loss that is not a number ends training and names the place")
  func divergence() throws {
    let crawl = try SyntheticCrawl(count: 32, seed: 2)
    let trainer = try Trainer(.transformer, crawl, .tiny(.clip, epochs: 2), seed: 2)
    let state = trainer.freshState
    state.weights.parameters.flat.withMutableElements { elements in
      for index in elements.indices { elements[index] = .nan }
    }
    let error = #expect(throws: TrainingError.self) { try trainer.run(from: state, .init()) }
    guard case .diverged(let epoch, let step, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(epoch == 0 && step == 0)
  }
}
