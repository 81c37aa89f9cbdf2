import AuditDump
import AuditFiles
import Foundation

/// A poisoned crawl to train on in place, and what to measure the model with.
package struct PlantedCrawl: Sendable {
  /// A planted pair as the truth has it.
  package struct Truth: Sendable, Equatable {
    package let key: String
    /// What was done to its image.
    package let change: String
    /// The key of the pair whose image it shows.
    package let target: String
    /// What the model is to see in it.
    package let className: String
    /// The class that its caption names; nil where it names several.
    package let captionClass: String?
  }

  /// A probe with a trigger, as it was before: a held-out pair of another class.
  package struct Untriggered: Sendable, Equatable {
    package let key: String
    /// What the model is to see in it once it carries the trigger.
    package let className: String
  }

  /// The crawl, planted pairs included.
  package private(set) var reader: CrawlOverlay
  /// Keys of the pairs that stay as they were, in the crawl's order.
  package let keptKeys: [String]
  /// Pairs that left the crawl to measure with, where they lie.
  package let heldOut: PairList
  /// In the order in which they were planted.
  package private(set) var truth: [Truth]
  /// The folder of images that show whether the attack has worked; a caption there is the class that the
  /// attacker wants to be seen.
  package let probes: String
  /// Those of the probes that carry a trigger, without it; none for other attacks.
  package let untriggered: [Untriggered]
  /// Classes to measure with.
  package let classNames: [String]
  /// The class of each pair, held out or not, whose caption names exactly one.
  package let classOfKey: [String: String]
  /// Classes that were asked for and that no pair belongs to.
  let missingClasses: [String]
  /// How much of the planted triggers lies in the middle square of the images; nil without a trigger.
  package let triggerShareInSquare: Double?

  /// The same probes, but a crawl in which nothing is planted.
  var unpoisoned: PlantedCrawl {
    var crawl = self
    crawl.reader = reader.withoutPlanted
    crawl.truth = []
    return crawl
  }
}

extension CrawlPlanter {
  static let plantedName = "planted"
  static let probesName = "probes"
  /// Tells from which plan the images were made.
  static let digestName = "plan.sha256"

  /// Plants the attack beside the crawl: `folder` gets only what is planted or probed, and appears when it is
  /// whole.
  ///
  /// What is there already is taken as it is, unless it was made from another plan: the crawl, its labels, or a picture
  /// or model that the attack is made with may have changed.
  /// - Throws: As ``plant(_:in:)``, and `LabError.tooFewClasses` where there is nothing to tell the attacked class from.
  package func overlay(_ reader: any CrawlReader, in folder: String) throws -> PlantedCrawl {
    let (pairs, _, plan) = try survey(reader)
    // The attacked class is measured whatever its size: else only what is planted would be of it.
    let measured = Set(plan.classes.measuredNames).union(plan.planted.map(\.className))
    guard measured.count > 1 else { throw LabError.tooFewClasses(found: measured.sorted()) }
    let probes = AttackProbes(plan.planted, heldOut: plan.heldOut, classes: plan.classes).probes
    let digest = plan.digest(
      probes: probes, pairs: pairs, materials: configuration.materials)
    let made = FileManager.default.contents(atPath: Folder.join(folder, Self.digestName))
    if made != Data(digest.utf8) {
      try? FileManager.default.removeItem(atPath: folder)
      try writeOverlay(plan, probes, pairs, digest: digest, to: folder)
    }
    var kept: [Int] = []
    for case .kept(let pair) in plan.entries { kept.append(pair) }
    let keptKeys = kept.sorted().map { pairs[$0].key }
    var classOfKey: [String: String] = [:]
    for (pair, name) in zip(pairs, plan.classes.soleClasses(of: measured)) where name != nil {
      classOfKey[pair.key] = name
    }
    let planted = try Crawl.reader(
      for: Folder.join(folder, Self.plantedName), format: .webdataset)
    return PlantedCrawl(
      reader: CrawlOverlay(base: reader, kept: Set(keptKeys), planted: planted),
      keptKeys: keptKeys,
      heldOut: PairList(plan.heldOut.map { pairs[$0] }),
      truth: plan.planted.enumerated().map { number, planted in
        PlantedCrawl.Truth(
          key: plan.key(of: number), change: planted.change.name, target: pairs[planted.image].key,
          className: planted.className,
          captionClass: plan.classes.soleClass(
            ofCaption: planted.caption, madeFor: planted.className, measured: measured))
      },
      probes: Folder.join(folder, Self.probesName),
      untriggered: probes.filter { $0.change.mark != nil }.map {
        PlantedCrawl.Untriggered(key: pairs[$0.image].key, className: $0.className)
      },
      classNames: measured.sorted(), classOfKey: classOfKey,
      missingClasses: plan.classes.missingNames,
      triggerShareInSquare: try ImageForge(pairs: pairs).triggerShareInSquare(
        plan.planted, seed: configuration.seed))
  }

  private func writeOverlay(
    _ plan: PlantingPlan, _ probes: [PlantedPair], _ pairs: [Pair], digest: String,
    to folder: String
  ) throws {
    let output = try AtomicFolder(path: folder)
    let files = ImageFiles()
    let forge = ImageForge(pairs: pairs, files: files, jpegQuality: configuration.jpegQuality)
    func place(_ name: String) -> String { Folder.join(output.temporaryPath, name) }
    try write(plan.planted, forge, seed: configuration.seed, to: place(Self.plantedName)) {
      plan.key(of: $0)
    }
    guard !probes.isEmpty else {
      throw LabError.tooFewPairs(needed: 1, found: 0, what: "held-out pairs of other classes")
    }
    // Another seed: a trigger at a random place is to be recognised at any.
    try write(probes, forge, seed: ~configuration.seed, to: place(Self.probesName)) {
      "probe_\($0)"
    }
    try writeTruth(plan, pairs, to: output.temporaryPath)
    try writeSheet(plan, pairs, files, to: output.temporaryPath)
    try AtomicFile.write(digest.utf8, to: place(Self.digestName))
    try output.finish()
  }

  private func write(
    _ planted: [PlantedPair], _ forge: ImageForge, seed: UInt64, to folder: String,
    key: (Int) -> String
  ) throws {
    var writer = try WebdatasetWriter(folder: folder)
    for (number, pair) in planted.enumerated() {
      try heedStop()
      let forgery = try forge.forge(pair, number: number, seed: seed)
      try writer.append(key: key(number), caption: pair.caption, image: forgery.bytes)
    }
    _ = try writer.finish()
  }
}
