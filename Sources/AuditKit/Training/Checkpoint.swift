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

  /// The scalars of a state, and what it belongs to.
  private struct Header: Codable {
    var version = 1
    var fingerprint: String
    var completedEpochs: Int
    var optimiserSteps: Int
    var stepsInStage: Int
    var bestAlignment: Double?
    var imagePoolOldest: Int?
    var captionPoolOldest: Int?
  }

  private static let headerKey = "auditTraining"

  /// Replaces the checkpoint by `state`. `fingerprint` says for which scan (configuration, crawl,
  /// threads) it is good.
  package func save(_ state: TrainingState, fingerprint: String) throws {
    var writer = SafetensorsWriter()
    let header = Header(
      fingerprint: fingerprint, completedEpochs: state.completedEpochs,
      optimiserSteps: state.optimiserSteps, stepsInStage: state.stepsInStage,
      bestAlignment: state.safeSet?.bestAlignment, imagePoolOldest: state.imagePool?.oldest,
      captionPoolOldest: state.captionPool?.oldest)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    writer.metadata[Self.headerKey] = String(decoding: try encoder.encode(header), as: UTF8.self)
    for (name, tensor) in Self.tensors(of: state) { writer.add(name, tensor) }
    if let similarities = state.similarities {
      writer.add("similarities", Tensor(similarities, shape: [similarities.count]))
    }
    if let safeSet = state.safeSet {
      let words = safeSet.members.words.map { Int64(bitPattern: $0) }
      writer.add("safeSet", words, shape: [words.count])
    }
    try writer.write(to: URL(fileURLWithPath: path))
  }

  /// Overwrites `state`, a fresh one of the same configuration, by what was saved.
  ///
  /// - Throws: `TrainingError.unusableCheckpoint`.
  package func restore(
    _ state: inout TrainingState, pairCount: Int, fingerprint: String
  ) throws(TrainingError) {
    do {
      let file = try SafetensorsFile(contentsOf: URL(fileURLWithPath: path))
      guard let text = file.metadata[Self.headerKey] else {
        throw unusable("it was not written by a scan")
      }
      let header = try JSONDecoder().decode(Header.self, from: Data(text.utf8))
      guard header.fingerprint == fingerprint else {
        throw unusable("it belongs to another configuration, crawl or number of threads")
      }
      for (name, tensor) in Self.tensors(of: state) { try file.read(name, into: tensor) }
      if let pool = state.imagePool, let oldest = header.imagePoolOldest {
        state.imagePool = NearestNeighbourPool(rows: pool.rows, oldest: oldest)
      }
      if let pool = state.captionPool, let oldest = header.captionPoolOldest {
        state.captionPool = NearestNeighbourPool(rows: pool.rows, oldest: oldest)
      }
      if file.shape(of: "similarities") == [pairCount] {
        state.similarities = try file.tensor("similarities").scalars
      }
      if file.shape(of: "safeSet") != nil {
        let words = try file.integers("safeSet").map { UInt64(bitPattern: $0) }
        guard let members = BitSet(count: pairCount, words: words) else {
          throw unusable("its safe set is of another crawl")
        }
        state.safeSet = SafeSet(members: members, bestAlignment: header.bestAlignment)
      }
      state.completedEpochs = header.completedEpochs
      state.optimiserSteps = header.optimiserSteps
      state.stepsInStage = header.stepsInStage
    } catch let error as TrainingError {
      throw error
    } catch {
      throw unusable("\(error)")
    }
  }

  private func unusable(_ reason: String) -> TrainingError {
    .unusableCheckpoint(path: path, reason: reason)
  }

  private static func tensors(of state: TrainingState) -> [(String, Tensor)] {
    var tensors = [
      ("parameters", state.weights.parameters.flat), ("buffers", state.weights.buffers.flat),
      ("firstMoments", state.optimiser.firstMoments.flat),
      ("secondMoments", state.optimiser.secondMoments.flat),
    ]
    if let pool = state.imagePool { tensors.append(("imagePool", pool.rows)) }
    if let pool = state.captionPool { tensors.append(("captionPool", pool.rows)) }
    return tensors
  }
}
