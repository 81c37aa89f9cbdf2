import AuditEncoders
import AuditRisk
import Foundation
import NeuralKit

/// The file that a stopped or killed training goes on from: a safetensors file, replaced as a whole
/// after each epoch.
///
/// Randomness is addressed by seed, epoch and pair, so a checkpoint holds no generators.
package struct Checkpoint: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package var exists: Bool { FileManager.default.fileExists(atPath: path) }

  private static let version = 5

  /// The scalars of a state, and what it belongs to.
  private struct Header: Codable {
    var version: Int
    var fingerprint: String
    var completedEpochs: Int
    var optimiserSteps: Int
    var stepsInStage: Int
    var endedSlowPasses: Int?
    var acceptedShare: Double?
    var bestAlignment: Double?
    /// Of the safe set; nil for none.
    var addedCount: Int?
    var imagePoolOldest: Int?
    var captionPoolOldest: Int?
    /// Of the header without it and of all numbers: a disk that gives back other bits than it got would
    /// otherwise end in a report that nobody doubts.
    var checksum: UInt64?

    init(_ state: TrainingState, fingerprint: String) {
      version = Checkpoint.version
      self.fingerprint = fingerprint
      completedEpochs = state.completedEpochs
      optimiserSteps = state.optimiserSteps
      stepsInStage = state.stepsInStage
      endedSlowPasses = state.endedSlowPasses
      acceptedShare = state.scores?.acceptedShare
      bestAlignment = state.safeSet?.bestAlignment
      addedCount = state.safeSet.flatMap { $0.addedCount > 0 ? $0.addedCount : nil }
      imagePoolOldest = state.imagePool?.oldest
      captionPoolOldest = state.captionPool?.oldest
    }

    func encoded() throws -> Data {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return try encoder.encode(self)
    }
  }

  private static let headerKey = "auditTraining"
  private static let similaritiesName = "similarities"
  private static let shuffledName = "shuffled"
  private static let watchedPairsName = "watchedPairs"
  private static let watchedSimilaritiesName = "watchedSimilarities"
  private static let watchedShuffledName = "watchedShuffled"
  private static let keptParametersName = "keptParameters"
  private static let safeSetName = "safeSet"

  /// Replaces the checkpoint by `state`.
  ///
  /// `fingerprint` says for which scan (configuration, crawl, threads) it is good.
  package func save(_ state: TrainingState, fingerprint: String) throws {
    var header = Header(state, fingerprint: fingerprint)
    header.checksum = try Self.checksum(of: state, header)
    var writer = SafetensorsWriter()
    writer.metadata[Self.headerKey] = String(decoding: try header.encoded(), as: UTF8.self)
    for (name, tensor) in Self.tensors(of: state) { writer.add(name, tensor) }
    if let scores = state.scores { Self.add(scores, to: &writer) }
    if let safeSet = state.safeSet {
      let words = safeSet.members.words.map { Int64(bitPattern: $0) }
      writer.add(Self.safeSetName, words, shape: [words.count])
    }
    try writer.write(to: URL(fileURLWithPath: path))
  }

  private static func add(_ scores: EpochScores, to writer: inout SafetensorsWriter) {
    if let similarities = scores.similarities {
      writer.add(similaritiesName, Tensor(similarities, shape: [similarities.count]))
    }
    if let shuffled = scores.shuffled {
      writer.add(shuffledName, Tensor(shuffled, shape: [shuffled.count]))
    }
    let watched = scores.watched
    let shape = [watched.pairs.count]
    writer.add(watchedPairsName, watched.pairs.map { Int64($0) }, shape: shape)
    writer.add(watchedSimilaritiesName, Tensor(watched.similarities, shape: shape))
    writer.add(watchedShuffledName, Tensor(watched.shuffled, shape: shape))
  }

  /// Overwrites `state`, a fresh one of the same configuration, by what was saved.
  ///
  /// The weights are overwritten in place; after an error the state is of no use.
  ///
  /// - Throws: `TrainingError.unusableCheckpoint`.
  package func restore(
    _ state: inout TrainingState, pairCount: Int, fingerprint: String
  ) throws(TrainingError) {
    do {
      let file = try SafetensorsFile(contentsOf: URL(fileURLWithPath: path))
      let header = try header(of: file, fingerprint: fingerprint)
      try readTensors(of: file, header, into: &state)
      state.scores = try scores(of: file, header, pairCount: pairCount)
      state.safeSet = try safeSet(of: file, header, pairCount: pairCount)
      state.completedEpochs = header.completedEpochs
      state.optimiserSteps = header.optimiserSteps
      state.stepsInStage = header.stepsInStage
      state.endedSlowPasses = header.endedSlowPasses
      guard header.checksum == (try Self.checksum(of: state, header)) else {
        throw unusable("its contents have changed since it was written")
      }
    } catch let error as TrainingError {
      throw error
    } catch {
      throw unusable("\(error)")
    }
  }

  private func header(of file: SafetensorsFile, fingerprint: String) throws -> Header {
    guard let text = file.metadata[Self.headerKey] else {
      throw unusable("it was not written by a scan")
    }
    let header = try JSONDecoder().decode(Header.self, from: Data(text.utf8))
    guard header.version == Self.version else {
      throw unusable("its version is \(header.version), this program knows \(Self.version)")
    }
    guard header.fingerprint == fingerprint else {
      throw unusable("it belongs to another configuration, crawl or number of threads")
    }
    return header
  }

  private func readTensors(
    of file: SafetensorsFile, _ header: Header, into state: inout TrainingState
  ) throws(TrainingError) {
    // Makes room for what is read below.
    if file.shape(of: Self.keptParametersName) != nil { state.keepWeights() }
    for (name, tensor) in Self.tensors(of: state) {
      guard file.shape(of: name) == tensor.shape else {
        throw unusable("its \(name) are missing or of another model")
      }
      file.read(name, into: tensor)
    }
    state.imagePool = try pool(state.imagePool, oldest: header.imagePoolOldest)
    state.captionPool = try pool(state.captionPool, oldest: header.captionPoolOldest)
  }

  private func pool(
    _ pool: NearestNeighbourPool?, oldest: Int?
  ) throws(TrainingError) -> NearestNeighbourPool? {
    guard let pool else { return nil }
    guard let oldest, (0..<pool.capacity).contains(oldest) else {
      throw unusable("its pool has no such row")
    }
    return NearestNeighbourPool(rows: pool.rows, oldest: oldest)
  }

  private func scores(
    of file: SafetensorsFile, _ header: Header, pairCount: Int
  ) throws -> EpochScores? {
    guard file.shape(of: Self.watchedPairsName) != nil else { return nil }
    func scalars(_ name: String) throws -> [Float]? {
      try file.shape(of: name).map { _ in try file.tensor(name).scalars }
    }
    let similarities = try scalars(Self.similaritiesName)
    guard similarities.map({ $0.count == pairCount }) ?? true else {
      throw unusable("its similarities are of another crawl")
    }
    return EpochScores(
      watched: try watched(of: file, pairCount: pairCount), similarities: similarities,
      shuffled: try scalars(Self.shuffledName), acceptedShare: header.acceptedShare)
  }

  private func safeSet(
    of file: SafetensorsFile, _ header: Header, pairCount: Int
  ) throws -> SafeSet? {
    guard file.shape(of: Self.safeSetName) != nil else { return nil }
    let words = try file.integers(Self.safeSetName).map { UInt64(bitPattern: $0) }
    guard let members = BitSet(count: pairCount, words: words) else {
      throw unusable("its safe set is of another crawl")
    }
    return SafeSet(
      members: members, bestAlignment: header.bestAlignment, addedCount: header.addedCount ?? 0)
  }

  private func watched(of file: SafetensorsFile, pairCount: Int) throws -> PairSample {
    let pairs = try file.integers(Self.watchedPairsName)
    let similarities = try file.tensor(Self.watchedSimilaritiesName).scalars
    let shuffled = try file.tensor(Self.watchedShuffledName).scalars
    guard pairs.allSatisfy((0..<Int64(pairCount)).contains), similarities.count == pairs.count,
      shuffled.count == pairs.count
    else { throw unusable("its watched pairs are of another crawl") }
    return PairSample(
      pairs: pairs.map { Int32($0) }, similarities: similarities, shuffled: shuffled)
  }

  private func unusable(_ reason: String) -> TrainingError {
    .unusableCheckpoint(path: path, reason: reason)
  }

  private static func checksum(of state: TrainingState, _ header: Header) throws -> UInt64 {
    var header = header
    header.checksum = nil
    var checksum = Checksum()
    try header.encoded().withUnsafeBytes { checksum.add($0) }
    for (_, tensor) in tensors(of: state) {
      checksum.add(UnsafeRawBufferPointer(start: tensor.pointer, count: 4 * tensor.count))
    }
    if let scores = state.scores {
      scores.similarities?.withUnsafeBytes { checksum.add($0) }
      scores.shuffled?.withUnsafeBytes { checksum.add($0) }
      scores.watched.pairs.withUnsafeBytes { checksum.add($0) }
      scores.watched.similarities.withUnsafeBytes { checksum.add($0) }
      scores.watched.shuffled.withUnsafeBytes { checksum.add($0) }
    }
    state.safeSet?.members.words.withUnsafeBytes { checksum.add($0) }
    return checksum.value
  }

  private static func tensors(of state: TrainingState) -> [(String, Tensor)] {
    var tensors = [
      ("parameters", state.weights.parameters.flat), ("buffers", state.weights.buffers.flat),
      ("firstMoments", state.optimiser.firstMoments.flat),
      ("secondMoments", state.optimiser.secondMoments.flat),
    ]
    if let kept = state.weightsBeforeSlowPasses {
      tensors.append((keptParametersName, kept.parameters.flat))
      tensors.append(("keptBuffers", kept.buffers.flat))
    }
    if let pool = state.imagePool { tensors.append(("imagePool", pool.rows)) }
    if let pool = state.captionPool { tensors.append(("captionPool", pool.rows)) }
    return tensors
  }
}
