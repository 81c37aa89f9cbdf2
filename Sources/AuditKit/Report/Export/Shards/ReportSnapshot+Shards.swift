import AuditDump
import AuditFiles
import Foundation
import GRDB

extension ReportSnapshot {
  /// Copies pairs into shards of their own, in the crawl's order: of each pair all members that the crawl has, byte for
  /// byte, or its image and caption where these are files of their own.
  ///
  /// The folder appears when it is whole. Each image must be the one that the run has read, by its place and SHA-256,
  /// and its caption too; other members are copied as they are.
  /// A key that several shards have is written as the report has it (`00001/000000000`), so that keys stay unique.
  /// - Parameters:
  ///   - export: which pairs, and where to.
  ///   - run: the run.
  /// - Throws: `ReportError.noRun`; `.notScored` before the first split; `ShardExportError`; `DumpError` where the shards
  ///   cannot be written. Nothing is left then.
  /// - Returns: how many pairs in how many shards.
  /// - Complexity: O(N), in memory for the index of one shard.
  @discardableResult
  public func exportShards(_ export: ShardExport, of run: Int64) throws -> ShardExport.Summary {
    let record = try self.run(run)
    let query = try query(for: export.choice, of: run)
    try ExportFolder.check(export.folder, replaces: export.replaces)
    let folder: AtomicFolder
    do {
      folder = try AtomicFolder(path: export.folder)
    } catch {
      throw DumpError.unwritable(path: error.path, operation: error.operation, code: error.code)
    }
    var copier = PairCopier(
      writer: try WebdatasetWriter(
        folder: folder.temporaryPath, pairsPerShard: export.pairsPerShard, writesStatistics: true),
      target: folder.path, configuration: record.crawlConfiguration)
    try forEachPairInOrder(of: run, query) { try copier.copy($0) }
    let summary = try copier.finish()
    // Somebody may have put something there meanwhile.
    try ExportFolder.check(export.folder, replaces: export.replaces)
    do {
      try folder.finish()
    } catch {
      throw DumpError.unwritable(path: error.path, operation: error.operation, code: error.code)
    }
    return summary
  }

  /// Gives the pairs of a query in the crawl's order; where there is a limit, the first ones by the query's.
  private func forEachPairInOrder(
    of run: Int64, _ query: PairQuery, _ body: (PairRecord) throws -> Void
  ) throws {
    guard query.limit != PairQuery.noLimit, query.order != .ordinal else {
      var query = query
      query.order = .ordinal
      return try forEachPair(of: run, query) { try body($0.pair) }
    }
    var ordinals: [Int] = []
    try forEachPair(of: run, query) { ordinals.append($0.ordinal) }
    for ordinal in ordinals.sorted() {
      if let scored = try pair(of: run, ordinal: ordinal) { try body(scored.pair) }
    }
  }
}

extension RunRecord {
  /// How the run read its crawl, as far as captions of shards and sizes of images go; the defaults where its
  /// configuration does not tell.
  fileprivate var crawlConfiguration: CrawlConfiguration {
    struct Document: Decodable {
      struct Crawl: Decodable {
        let captionKey: String?
        let maximumCaptionBytes: Int?
        let maximumImageBytes: Int?
        let maximumUnpackedBytes: Int64?
      }
      let crawl: Crawl?
    }
    var crawl = CrawlConfiguration()
    let document = try? JSONDecoder().decode(Document.self, from: Data(configuration.utf8))
    guard let told = document?.crawl else { return crawl }
    crawl.captionKey = told.captionKey
    crawl.maximumCaptionBytes = max(1, told.maximumCaptionBytes ?? crawl.maximumCaptionBytes)
    crawl.maximumImageBytes = max(1, told.maximumImageBytes ?? crawl.maximumImageBytes)
    crawl.maximumUnpackedBytes = max(
      1, told.maximumUnpackedBytes ?? crawl.maximumUnpackedBytes)
    return crawl
  }
}
