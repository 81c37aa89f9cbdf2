import AuditDump
import NeuralKit

/// Which pairs of a crawl stay, which are held out, and what is planted among them.
package struct PlantingPlan: Sendable {
  /// A pair of the poisoned crawl.
  package enum Entry: Sendable, Equatable {
    /// A pair of the crawl, by its index.
    case kept(Int)
    /// A planted pair, by its index.
    case planted(Int)
  }

  /// The poisoned crawl, in random order.
  package let entries: [Entry]
  package let planted: [PlantedPair]
  /// Pairs that left the crawl to measure with.
  package let heldOut: [Int]

  /// Draws what the configuration asks for; the same seed gives the same plan.
  ///
  /// - Throws: `LabError`.
  package init(
    _ configuration: AttackConfiguration, pairs: [Pair], labels: String? = nil,
    words: Set<String> = []
  ) throws(LabError) {
    try configuration.validate()
    let captions = pairs.map(\.caption)
    let classes =
      if let labels {
        try CaptionClasses(labelFile: labels, keys: pairs.map(\.key))
      } else {
        CaptionClasses(captions: captions, words: words)
      }
    guard configuration.heldOut < pairs.count else {
      throw .tooFewPairs(needed: configuration.heldOut + 1, found: pairs.count, what: "pairs")
    }
    let count = configuration.plantedCount(among: pairs.count - configuration.heldOut)
    guard count <= pairs.count else {
      throw .tooFewPairs(needed: count, found: pairs.count, what: "pairs")
    }
    var generator = SeededGenerator(seed: configuration.seed, 0x1AB)
    let order = generator.permutation(pairs.count).map { Int($0) }
    heldOut = Array(order.prefix(configuration.heldOut))
    var material = AttackMaterial(
      captions: captions, classes: classes, available: Array(order.dropFirst(heldOut.count)),
      using: &generator)
    planted = try configuration.configuredAttack.pairs(
      count, from: &material, using: &generator)
    let gone = Set(heldOut).union(material.donors)
    let all =
      pairs.indices.filter { !gone.contains($0) }.map { Entry.kept($0) }
      + planted.indices.map { Entry.planted($0) }
    entries = generator.permutation(all.count).map { all[Int($0)] }
  }

  /// The key of a planted pair.
  package static func key(of number: Int) -> String { "planted_\(number)" }
}

extension AttackConfiguration {
  /// How many pairs to plant among `pairs`: `count`, or `rate` of them, but at least one.
  package func plantedCount(among pairs: Int) -> Int {
    guard let rate else { return count }
    return max(1, Int((rate * Double(pairs)).rounded()))
  }
}
