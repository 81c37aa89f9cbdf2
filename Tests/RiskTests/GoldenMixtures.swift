import Foundation
import Testing
import TestSupport

/// A mixture fitted by scikit-learn, with the values it was fitted to.
struct GoldenMixture: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let weights: [Double]
  let means: [Double]
  let variances: [Double]
  let meanLogLikelihood: Double
  let safeCount: Int

  var testDescription: String { name }

  private enum CodingKeys: String, CodingKey {
    case name = "case"
    case weights
    case means
    case variances
    case meanLogLikelihood = "mean_log_likelihood"
    case safeCount = "n_safe_at_0_9"
  }

  static let all: [GoldenMixture] =
    (try? JSONDecoder().decode(
      [GoldenMixture].self, from: Data(contentsOf: Repository.golden("gmm.json")))) ?? []

  static let names = ["separated", "overlapping", "rare", "unequal"]

  /// The case's values.
  func values() throws -> [Float] {
    try Self.tensor("\(name).x", of: UInt32.self).map(Float.init(bitPattern:))
  }

  /// The posterior of the component with the higher mean for each value.
  func posteriors() throws -> [Double] {
    try Self.tensor("\(name).p_high", of: UInt64.self).map(Double.init(bitPattern:))
  }

  private struct Entry: Decodable {
    let offsets: [Int]
    private enum CodingKeys: String, CodingKey { case offsets = "data_offsets" }
  }

  private static func tensor<Word: FixedWidthInteger>(
    _ key: String, of: Word.Type
  ) throws -> [Word] {
    let file = [UInt8](try Data(contentsOf: Repository.golden("gmm.safetensors")))
    let headerLength = Int(word(UInt64.self, file, at: 0))
    let header = try JSONDecoder().decode(
      [String: Entry].self, from: Data(file[8..<8 + headerLength]))
    guard let offsets = header[key]?.offsets, offsets.count == 2 else {
      throw CocoaError(.fileReadCorruptFile)
    }
    let start = 8 + headerLength
    let size = MemoryLayout<Word>.size
    return stride(from: start + offsets[0], to: start + offsets[1], by: size).map {
      word(Word.self, file, at: $0)
    }
  }

  private static func word<Word: FixedWidthInteger>(
    _: Word.Type, _ bytes: [UInt8], at offset: Int
  ) -> Word {
    (0..<MemoryLayout<Word>.size).reduce(0) { $0 | Word(bytes[offset + $1]) << ($1 * 8) }
  }
}
