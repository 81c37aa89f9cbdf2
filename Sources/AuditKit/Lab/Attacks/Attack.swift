import NeuralKit

/// A way to poison a crawl.
package protocol Attack: Sendable {
  /// `count` pairs to plant; `generator` decides all that is random.
  ///
  /// - Throws: `LabError` where the crawl lacks classes or pairs for it.
  func pairs(
    _ count: Int, from material: inout AttackMaterial, using generator: inout SeededGenerator
  ) throws(LabError) -> [PlantedPair]
}
