import AuditDump
import AuditFiles
import AuditKit
import AuditPixels
import AuditTraining
import Foundation
import NeuralKit

/// Writes a poisoned copy of a crawl for any tool to train on: webdataset shards, pairs that were held
/// out, the truth, and a contact sheet.
package struct CrawlPlanter {
  package let configuration: AttackConfiguration
  /// A file of labels by key; nil takes words of captions as classes.
  package let labels: String?
  /// The words that are classes; empty takes all of the right size.
  package let words: Set<String>
  /// Asks to end before the end, with nothing written.
  let stop: StopSignal

  package init(
    _ configuration: AttackConfiguration, labels: String? = nil, words: Set<String> = [],
    stop: StopSignal = StopSignal()
  ) {
    self.configuration = configuration
    self.labels = labels
    self.words = words
    self.stop = stop
  }

  /// Throws where a stop was asked for.
  func heedStop() throws(TrainingError) {
    if stop.isRequested { throw .stopped(completedEpochs: 0) }
  }

  /// What was written.
  package struct Summary: Codable, Sendable, Equatable {
    /// Pairs of the crawl that are still in it.
    package var kept: Int
    /// Poisoned pairs beside them.
    package var planted: Int
    /// Pairs in the folder `held-out`.
    package var heldOut: Int
    /// Pairs that were left out, because their image cannot be read or is of a kind that shards here do not
    /// hold, and pieces of the crawl that are no pair.
    package var leftOut: Int
    /// The adversarial classes.
    package var classes: [String]
    /// The folder.
    package var folder: String
  }

  /// The folder of pairs that left the crawl to measure with.
  private static let heldOutName = "held-out"
  /// Rows of the contact sheet, at most.
  private static let sheetRows = 8

  /// Reads the crawl and writes `folder`, which appears when it is whole.
  ///
  /// - Throws: `LabError`; `DumpError` where the crawl cannot be read; `FileError` where the folder cannot be
  ///   written; `TrainingError.stopped` where a stop was asked for.
  package func plant(_ reader: any CrawlReader, in folder: String) throws -> Summary {
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw LabError.outputExists(path: folder)
    }
    let (pairs, leftOut, plan) = try survey(reader)
    let output = try AtomicFolder(path: folder)
    let files = ImageFiles()
    let lost = try write(plan, pairs, files, to: Folder.join(output.temporaryPath, "crawl"))
    let lostHeldOut = try write(
      plan.heldOut, pairs, files, to: Folder.join(output.temporaryPath, Self.heldOutName))
    try writeTruth(plan, pairs, to: output.temporaryPath)
    try writeSheet(plan, pairs, files, to: output.temporaryPath)
    try output.finish()
    return Summary(
      kept: plan.entries.count - plan.planted.count - lost, planted: plan.planted.count,
      heldOut: plan.heldOut.count - lostHeldOut, leftOut: leftOut + lost + lostHeldOut,
      classes: Set(plan.planted.map(\.className)).sorted(), folder: folder)
  }

  /// Reads the crawl and draws the attack on it.
  func survey(
    _ reader: any CrawlReader
  ) throws -> (pairs: [Pair], rejected: Int, plan: PlantingPlan) {
    try configuration.validate()
    var pairs: [Pair] = []
    var rejected = 0
    try reader.read { record in
      try heedStop()
      switch record {
      case .pair(let pair): pairs.append(pair)
      case .rejected: rejected += 1
      }
    }
    let (all, files) = (pairs, ImageFiles())
    let plan = try PlantingPlan(
      configuration, pairs: pairs, labels: labels, words: words,
      isUsable: { pair in
        guard let bytes = try? files.bytes(of: all[pair].image) else { return false }
        return (try? ImageDecoder.decode(bytes)) != nil
      })
    return (pairs, rejected, plan)
  }

  /// Writes the crawl; returns how many of its pairs could not be.
  private func write(
    _ plan: PlantingPlan, _ pairs: [Pair], _ files: ImageFiles, to folder: String
  ) throws -> Int {
    let forge = ImageForge(pairs: pairs, files: files, jpegQuality: configuration.jpegQuality)
    var writer = try WebdatasetWriter(folder: folder)
    var leftOut = 0
    for entry in plan.entries {
      try heedStop()
      switch entry {
      case .kept(let pair):
        guard try append(pairs[pair], files, to: &writer) else {
          leftOut += 1
          continue
        }
      case .planted(let number):
        let planted = plan.planted[number]
        let forgery = try forge.forge(planted, number: number, seed: configuration.seed)
        try writer.append(
          key: plan.key(of: number), caption: planted.caption, image: forgery.bytes)
      }
    }
    _ = try writer.finish()
    return leftOut
  }

  /// Copies some pairs; returns how many of them could not be.
  private func write(
    _ chosen: [Int], _ pairs: [Pair], _ files: ImageFiles, to folder: String
  ) throws -> Int {
    var writer = try WebdatasetWriter(folder: folder)
    var leftOut = 0
    for pair in chosen {
      try heedStop()
      if try !append(pairs[pair], files, to: &writer) { leftOut += 1 }
    }
    _ = try writer.finish()
    return leftOut
  }

  /// Copies a pair byte by byte; false where shards cannot hold its image.
  private func append(
    _ pair: Pair, _ files: ImageFiles, to writer: inout WebdatasetWriter
  ) throws(DumpError) -> Bool {
    guard let bytes = try? files.bytes(of: pair.image) else { return false }
    do throws(DumpError) {
      try writer.append(key: pair.key, caption: pair.caption, image: bytes)
      return true
    } catch .unwritablePair {
      return false
    }
  }

  func writeTruth(_ plan: PlantingPlan, _ pairs: [Pair], to folder: String) throws {
    func field(_ text: String) -> String {
      "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    var text = "key,attack,change,target,class\n"
    for (number, planted) in plan.planted.enumerated() {
      text += """
        \(plan.key(of: number)),\(configuration.attack.rawValue),\(planted.change.name),\
        \(field(pairs[planted.image].key)),\(field(planted.className))

        """
    }
    try AtomicFile.write(text.utf8, to: Folder.join(folder, "truth.csv"))
  }

  /// A row for each of the first planted pairs.
  func writeSheet(
    _ plan: PlantingPlan, _ pairs: [Pair], _ files: ImageFiles, to folder: String
  ) throws {
    let forge = ImageForge(pairs: pairs, files: files, jpegQuality: configuration.jpegQuality)
    var sheet = ContactSheet()
    for number in plan.planted.indices.prefix(Self.sheetRows) {
      let forgery = try forge.forge(plan.planted[number], number: number, seed: configuration.seed)
      sheet.add(clean: forgery.clean, poisoned: forgery.poisoned)
    }
    guard let bitmap = sheet.bitmap else { return }
    try AtomicFile.write(try bitmap.png(), to: Folder.join(folder, "sheet.png"))
  }
}
