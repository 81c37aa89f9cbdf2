import AuditEncoders
import AuditRisk
import AuditTraining
import Foundation
import NeuralKit
import Testing
import TestSupport

@Suite struct CheckpointTests {
  private static let pairCount = 40
  private static let fingerprint = "abc"

  /// A state with a random number in every place.
  private static func filledState(_ kind: TinyModel) throws -> TrainingState {
    var state = try freshState(kind, seed: 1)
    var generator = SeededGenerator(seed: 77)
    for tensor in tensors(of: state) {
      tensor.withMutableElements { elements in
        for index in elements.indices { elements[index] = generator.uniform() - 0.5 }
      }
    }
    state.imagePool = state.imagePool.map { NearestNeighbourPool(rows: $0.rows, oldest: 5) }
    state.captionPool = state.captionPool.map { NearestNeighbourPool(rows: $0.rows, oldest: 9) }
    state.completedEpochs = 3
    state.optimiserSteps = 41
    state.stepsInStage = 7
    state.endedSlowPasses = 2
    func scores(_ count: Int) -> [Float] { (0..<count).map { _ in generator.uniform() * 2 - 1 } }
    state.scores = EpochScores(
      watched: PairSample(pairs: [5, 0, 39], similarities: scores(3), shuffled: scores(3)),
      similarities: scores(pairCount), shuffled: scores(30), acceptedShare: 0.1 + 0.2)
    state.safeSet = SafeSet(
      members: BitSet(count: pairCount, members: [0, 3, 39]), bestAlignment: 0.1 + 0.2,
      addedCount: 1)
    return state
  }

  private static func freshState(
    _ kind: TinyModel, seed: UInt64, poolCapacity: Int = 16
  ) throws -> TrainingState {
    var configuration = TrainingConfiguration()
    configuration.poolCapacity = poolCapacity
    return TrainingState(
      model: try kind.model(vocabularySize: 520), configuration: configuration, seed: seed)
  }

  private static func tensors(of state: TrainingState) -> [Tensor] {
    [
      state.weights.parameters.flat, state.weights.buffers.flat,
      state.optimiser.firstMoments.flat, state.optimiser.secondMoments.flat,
    ] + [state.imagePool, state.captionPool].compactMap { $0?.rows }
  }

  private static func bits(_ state: TrainingState) -> [[UInt32]] {
    (tensors(of: state).map(\.scalars) + [state.scores?.similarities ?? []])
      .map { $0.map(\.bitPattern) }
  }

  private static func saved(_ kind: TinyModel, in folder: TemporaryFolder) throws -> Checkpoint {
    let checkpoint = Checkpoint(path: folder.file("checkpoint.safetensors"))
    try checkpoint.save(try filledState(kind), fingerprint: fingerprint)
    return checkpoint
  }

  @Test("a state comes back bit by bit", arguments: TinyModel.allCases)
  func roundTrip(kind: TinyModel) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Self.saved(kind, in: folder)
    let saved = try Self.filledState(kind)
    var state = try Self.freshState(kind, seed: 2)
    #expect(Self.bits(state) != Self.bits(saved))
    try checkpoint.restore(&state, pairCount: Self.pairCount, fingerprint: Self.fingerprint)
    #expect(Self.bits(state) == Self.bits(saved))
    #expect(state.safeSet == saved.safeSet)
    #expect(state.scores == saved.scores)
    #expect(state.imagePool?.oldest == 5)
    #expect(state.captionPool?.oldest == 9)
    #expect(state.completedEpochs == 3)
    #expect(state.optimiserSteps == 41)
    #expect(state.stepsInStage == 7)
    #expect(state.endedSlowPasses == 2)
  }

  @Test("a state before the first scores comes back without scores")
  func withoutScores() throws {
    let folder = try TemporaryFolder()
    let checkpoint = Checkpoint(path: folder.file("checkpoint.safetensors"))
    try checkpoint.save(
      try Self.freshState(.resNet, seed: 1, poolCapacity: 0), fingerprint: Self.fingerprint)
    var state = try Self.freshState(.resNet, seed: 2, poolCapacity: 0)
    try checkpoint.restore(&state, pairCount: Self.pairCount, fingerprint: Self.fingerprint)
    #expect(state.scores == nil)
    #expect(state.safeSet == nil)
    #expect(state.imagePool == nil)
  }

  @Test("saving replaces what was there as a whole and leaves nothing beside it")
  func replacing() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Self.saved(.transformer, in: folder)
    var next = try Self.filledState(.transformer)
    next.completedEpochs = 4
    try checkpoint.save(next, fingerprint: Self.fingerprint)
    var state = try Self.freshState(.transformer, seed: 2)
    try checkpoint.restore(&state, pairCount: Self.pairCount, fingerprint: Self.fingerprint)
    #expect(state.completedEpochs == 4)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["checkpoint.safetensors"]
    )
  }

  @Test("a checkpoint of another scan, crawl size or model is refused with its path")
  func foreign() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Self.saved(.resNet, in: folder)
    try Self.expectRefusal(checkpoint, .resNet, containing: "another configuration") {
      $0.fingerprint = "xyz"
    }
    try Self.expectRefusal(checkpoint, .resNet, containing: "another crawl") { $0.pairCount = 41 }
    try Self.expectRefusal(checkpoint, .transformer, containing: "another model") { _ in }
    try Self.expectRefusal(checkpoint, .resNet, containing: "Pool") { $0.poolCapacity = 17 }
  }

  @Test("a file that is cut at any place is refused", arguments: TinyModel.allCases)
  func cut(kind: TinyModel) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Self.saved(kind, in: folder)
    let whole = try Data(contentsOf: URL(fileURLWithPath: checkpoint.path))
    let places = [0, 1, 7, 8, 9, 100, 400, whole.count / 3, whole.count / 2, whole.count - 1]
    for place in places {
      try whole.prefix(place).write(to: URL(fileURLWithPath: checkpoint.path))
      try Self.expectRefusal(checkpoint, kind, containing: checkpoint.path) { _ in }
    }
    try (whole + Data([0])).write(to: URL(fileURLWithPath: checkpoint.path))
    try Self.expectRefusal(checkpoint, kind, containing: checkpoint.path) { _ in }
  }

  @Test("a single changed bit anywhere is noticed", arguments: [1, 2, 3] as [UInt64])
  func damaged(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Self.saved(.transformer, in: folder)
    let whole = try Data(contentsOf: URL(fileURLWithPath: checkpoint.path))
    let headerEnd = 8 + Int(whole[0]) + Int(whole[1]) << 8
    var generator = SeededGenerator(seed: seed)
    // As many places in the small header as in the numbers behind it.
    let places =
      (0..<60).map { _ in generator.index(below: headerEnd) }
      + (0..<60).map { _ in headerEnd + generator.index(below: whole.count - headerEnd) }
    for place in places {
      var changed = whole
      let bit = generator.index(below: 8)
      changed[place] ^= 1 << UInt8(bit)
      try changed.write(to: URL(fileURLWithPath: checkpoint.path))
      var state = try Self.freshState(.transformer, seed: 2)
      do {
        try checkpoint.restore(&state, pairCount: Self.pairCount, fingerprint: Self.fingerprint)
        // White space that pads the header, or the case of an escape, may change without meaning.
        #expect(
          try Self.bits(state) == Self.bits(Self.filledState(.transformer))
            && place < headerEnd, "byte \(place), bit \(bit), seed \(seed)")
      } catch {
        #expect("\(error)".contains(checkpoint.path))
      }
    }
  }

  @Test("another safetensors file is refused, not read as a checkpoint")
  func otherFile() throws {
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter()
    writer.add("parameters", Tensor(repeating: 1, shape: [4]))
    let file = folder.file("other.safetensors")
    try writer.write(to: URL(fileURLWithPath: file))
    try Self.expectRefusal(
      Checkpoint(path: file), .resNet, containing: "not written by a scan"
    ) { _ in }
  }

  @Test("a missing file is refused, and exists says so")
  func missing() throws {
    let folder = try TemporaryFolder()
    let checkpoint = Checkpoint(path: folder.file("none"))
    #expect(!checkpoint.exists)
    try Self.expectRefusal(checkpoint, .resNet, containing: "none") { _ in }
  }

  private struct Expected {
    var fingerprint = CheckpointTests.fingerprint
    var pairCount = CheckpointTests.pairCount
    var poolCapacity = 16
  }

  private static func expectRefusal(
    _ checkpoint: Checkpoint, _ kind: TinyModel, containing text: String,
    sourceLocation: SourceLocation = #_sourceLocation, _ change: (inout Expected) -> Void
  ) throws {
    var expected = Expected()
    change(&expected)
    var state = try freshState(kind, seed: 2, poolCapacity: expected.poolCapacity)
    let error = #expect(throws: TrainingError.self, sourceLocation: sourceLocation) {
      try checkpoint.restore(
        &state, pairCount: expected.pairCount, fingerprint: expected.fingerprint)
    }
    guard case .unusableCheckpoint(let path, _) = error else {
      Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
    #expect(path == checkpoint.path, sourceLocation: sourceLocation)
    #expect(
      error.map { "\($0)" }?.contains(text) == true, "\(String(describing: error))",
      sourceLocation: sourceLocation)
  }
}
