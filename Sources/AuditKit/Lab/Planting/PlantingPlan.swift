import AuditDump
import AuditFiles
import Foundation
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
  /// The classes of the crawl.
  package let classes: CaptionClasses
  private let keyPrefix: String

  /// Draws what the configuration asks for; the same seed gives the same plan.
  ///
  /// - Parameters:
  ///   - configuration: The attack.
  ///   - pairs: The crawl.
  ///   - labels: A file of labels by key; nil takes words of captions as classes.
  ///   - words: The words or labels that are classes; empty takes all of the right size.
  ///   - isUsable: Whether an attack can take the image of a pair, by its index.
  /// - Throws: `LabError`.
  package init(
    _ configuration: AttackConfiguration, pairs: [Pair], labels: String? = nil,
    words: Set<String> = [], isUsable: @escaping @Sendable (Int) -> Bool = { _ in true }
  ) throws(LabError) {
    try configuration.validate()
    let captions = pairs.map(\.caption)
    classes =
      if let labels {
        try CaptionClasses(labelFile: labels, keys: pairs.map(\.key), allowed: words)
      } else {
        CaptionClasses(captions: captions, words: words, attacked: configuration.className)
      }
    var configuration = configuration
    configuration.className = configuration.className.map(classes.known)
    var generator = SeededGenerator(seed: configuration.seed, 0x1AB)
    var (heldOut, rest): ([Int], [Int]) = ([], [])
    for pair in generator.permutation(pairs.count).map({ Int($0) }) {
      if heldOut.count < configuration.heldOut, isUsable(pair) {
        heldOut.append(pair)
      } else {
        rest.append(pair)
      }
    }
    guard heldOut.count == configuration.heldOut, !rest.isEmpty else {
      throw .tooFewPairs(
        needed: configuration.heldOut + 1, found: heldOut.count + rest.count, what: "usable pairs")
    }
    self.heldOut = heldOut
    let sample = rest.prefix(configuration.sample ?? rest.count)
    let count = configuration.plantedCount(among: sample.count)
    guard count <= sample.count else {
      throw .tooFewPairs(needed: count, found: sample.count, what: "pairs")
    }
    var material = AttackMaterial(
      captions: captions, classes: classes, available: Array(sample), isUsable: isUsable,
      using: &generator)
    planted = try configuration.configuredAttack().pairs(
      count, from: &material, using: &generator)
    let gone = Set(material.donors)
    let all =
      sample.sorted().filter { !gone.contains($0) }.map { Entry.kept($0) }
      + planted.indices.map { Entry.planted($0) }
    entries = generator.permutation(all.count).map { all[Int($0)] }
    var prefix = "planted_"
    while pairs.contains(where: { $0.key.hasPrefix(prefix) }) { prefix += "again_" }
    keyPrefix = prefix
  }

  /// The key of a planted pair, which no pair of the crawl has.
  package func key(of number: Int) -> String { "\(keyPrefix)\(number)" }

  /// A digest of what is planted and probed: of images by where they lie, captions, classes and changes, and of the
  /// files that the changes are made with.
  func digest(probes: [PlantedPair], pairs: [Pair], materials: [String]) -> String {
    let texts =
      [keyPrefix]
      + (planted + probes).flatMap { pair in
        ["\(pairs[pair.image])", pair.caption, pair.className, pair.change.name]
      } + materials
    return ContentDigest(of: texts).hexadecimal
  }
}

extension AttackConfiguration {
  /// Digests of the files that it names, a picture or a model, as they are now.
  var materials: [String] {
    let model = perturbationModel ?? ""
    let files = (try? FileManager.default.contentsOfDirectory(atPath: model))?.sorted() ?? []
    return ([blendPattern].compactMap(\.self) + files.map { Folder.join(model, $0) })
      .compactMap { FileManager.default.contents(atPath: $0) }
      .map { ContentDigest(of: [UInt8]($0)).hexadecimal }
  }

  /// How many pairs to plant among `pairs`: `count`, or `rate` of them, but at least one.
  package func plantedCount(among pairs: Int) -> Int {
    guard let rate else { return count }
    return max(1, Int((rate * Double(pairs)).rounded()))
  }
}
