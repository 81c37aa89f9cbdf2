import AuditKit
import AuditTraining
import Testing

@Suite struct ScanPlanTests {
  private let step = StepMeasurement(
    batchSize: 128, threads: 2, clipSecondsPerPair: 0.002, unimodalSecondsPerPair: 0.003,
    scoringSecondsPerPair: 0.0005, parameterCount: 1_000_000, memoryBytes: 300 << 20)

  private func plan(
    pairs: Int, explicit: [String: String] = [:], thumbnailBytes: Int = 12_288
  ) throws -> ScanPlan {
    var document = ConfigurationDocument()
    for (name, value) in explicit { try document.set("\(name)=\(value)") }
    return ScanPlan(
      pairs: pairs, configuration: try document.decoded(), explicit: document.explicitNames,
      thumbnailBytes: thumbnailBytes, step: step)
  }

  @Test("a large crawl costs the paper's epochs, each at the price of its steps")
  func large() throws {
    let plan = try plan(pairs: 1_000_000)
    let configuration = TrainingConfiguration()
    #expect(plan.adaptations.map(\.name) == ["training.learningRateWarmUpSteps"])
    #expect(plan.stages.map(\.stage) == [.warmUp, .slowPass, .mixed])
    #expect(plan.stages.map(\.epochs).reduce(0, +) == configuration.epochs)
    #expect(plan.stages[0].seconds == Double(configuration.warmUpEpochs) * 3000)
    #expect(plan.stages[1].seconds == Double(configuration.slowPasses) * 2000)
    #expect(plan.seconds >= plan.stages.reduce(0) { $0 + $1.seconds } + plan.scoringSeconds)
    // At least the split and the end score all pairs.
    #expect(plan.scoringSeconds >= 2 * 500)
  }

  @Test("plain training has one stage")
  func plain() throws {
    let plan = try plan(
      pairs: 1_000_000, explicit: ["training.method": "clip", "training.epochs": "7"])
    #expect(plan.stages.map(\.stage) == [.plain])
    #expect(plan.stages.map(\.seconds) == [7 * 2000])
  }

  @Test("a small crawl is planned with the settings that it will get, but for those that are set")
  func small() throws {
    let adapted = try plan(pairs: 8000)
    #expect(adapted.adaptations.contains { $0.name == "training.epochs" })
    let fixed = try plan(pairs: 8000, explicit: ["training.epochs": "48"])
    #expect(!fixed.adaptations.contains { $0.name == "training.epochs" })
    #expect(fixed.stages.map(\.epochs).reduce(0, +) == 48)
    #expect(fixed.seconds > adapted.seconds)
  }

  @Test(
    "neighbours cost an embedding of all pairs an epoch, or of as many as they are sought among")
  func neighbours() throws {
    let small = try plan(pairs: 8000)
    let epochs = small.stages.map(\.epochs).reduce(0, +)
    #expect(abs(small.scoringSeconds - Double(epochs) * 8000 * 0.0005) < 1e-9)
    let plain = try plan(pairs: 1_000_000)
    let large = try plan(pairs: 1_000_000, explicit: ["training.neighbours": "32"])
    let added = Double(plain.stages.map(\.epochs).reduce(0, +)) * 65_536 * 0.0005
    #expect(abs(large.scoringSeconds - plain.scoringSeconds - added) < 1e-6)
  }

  @Test("memory and disk grow with pairs, and disk with the thumbnail's size")
  func sizes() throws {
    let one = try plan(pairs: 1_000_000)
    let two = try plan(pairs: 2_000_000)
    #expect(two.memoryBytes > one.memoryBytes)
    #expect(two.reportBytes == 2 * one.reportBytes)
    #expect(one.memoryBytes >= step.memoryBytes)
    // Thumbnails, and two checkpoints of weights and two moments in float32.
    #expect(one.workFolderBytes == 1_000_000 * 12_288 + 2 * 3 * 4 * 1_000_000)
    let wide = try plan(pairs: 1_000_000, thumbnailBytes: 24_576)
    #expect(wide.workFolderBytes - one.workFolderBytes == 1_000_000 * 12_288)
  }

  @Test("weights that mixed training begins again from are kept in memory and in both checkpoints")
  func keptWeights() throws {
    let goesOn = try plan(pairs: 8000, explicit: ["training.rewindsAfterSplit": "false"])
    let rewinds = try plan(pairs: 8000, explicit: ["training.rewindsAfterSplit": "true"])
    #expect(rewinds.memoryBytes - goesOn.memoryBytes == 4 * 1_000_000)
    #expect(rewinds.workFolderBytes - goesOn.workFolderBytes == 2 * 4 * 1_000_000)
    // Without a slow pass there is nothing to take back.
    let none = try plan(
      pairs: 8000, explicit: ["training.rewindsAfterSplit": "true", "training.slowPasses": "0"])
    #expect(none.workFolderBytes == goesOn.workFolderBytes)
  }
}
