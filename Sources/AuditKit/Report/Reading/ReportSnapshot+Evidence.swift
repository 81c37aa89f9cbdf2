import Foundation
import GRDB

/// Other pairs of a run that share a pair's image or caption.
public struct PairTwins: Sendable, Equatable {
  /// Other pairs with the same image, byte by byte.
  public var sameImage = 0
  /// Captions of some of those.
  public var sameImageCaptions: [String] = []
  /// Other pairs with the same caption.
  public var sameCaption = 0
}

extension ReportSnapshot {
  /// What else in the crawl has a pair's image or caption.
  ///
  /// One image under many captions, and one caption over many images, are what targeted poison and campaigns look like.
  /// - Complexity: O(t) for t twins, up to `limit`; of a pair without score O(N) in the pairs of its run.
  public func twins(of run: Int64, _ scored: ScoredPair, limit: Int = 1000) throws -> PairTwins {
    var twins = PairTwins()
    if let digest = scored.pair.imageSHA256 {
      let captions = try String.fetchAll(
        database,
        sql: """
          SELECT caption FROM pair WHERE runId = ? AND imageSHA256 = ? AND ordinal <> ? LIMIT ?
          """,
        arguments: [run, Data(digest), scored.ordinal, limit])
      twins.sameImage = captions.count
      twins.sameImageCaptions = Array(captions.prefix(10))
    }
    twins.sameCaption = try sameCaption(of: run, scored, limit)
    return twins
  }

  /// How many other pairs of a run have a pair's image, byte by byte; `limit` of them are counted.
  ///
  /// - Complexity: O(t) for t twins.
  public func sameImageCount(of run: Int64, _ pair: PairRecord, limit: Int = 1000) throws -> Int {
    guard let digest = pair.imageSHA256 else { return 0 }
    let count = try Int.fetchOne(
      database,
      sql: """
        SELECT count(*) FROM (
          SELECT 1 FROM pair WHERE runId = ? AND imageSHA256 = ? LIMIT ?)
        """,
      arguments: [run, Data(digest), limit + 1])
    return max(0, (count ?? 0) - 1)
  }

  private func sameCaption(of run: Int64, _ scored: ScoredPair, _ limit: Int) throws -> Int {
    // Texts are indexed with the first scores.
    guard scored.score != nil else {
      return try Int.fetchOne(
        database,
        sql: """
          SELECT count(*) FROM (
            SELECT 1 FROM pair WHERE runId = ? AND caption = ? AND ordinal <> ? LIMIT ?)
          """,
        arguments: [run, scored.pair.caption, scored.ordinal, limit]) ?? 0
    }
    // As a phrase the caption finds its equals through the index, and few others.
    let start = scored.pair.caption.prefix(300)
    // Where a long one is cut, its last word may go on.
    let match =
      "caption : (\"\(start.replacing("\"", with: " "))\""
      + (start.endIndex < scored.pair.caption.endIndex ? " *)" : ")")
    let first = run * ReportMigrations.pairsPerRun
    return try Int.fetchOne(
      database,
      sql: """
        SELECT count(*) FROM (
          SELECT 1 FROM pairText JOIN pair ON pair.id = pairText.rowid
          WHERE pairText MATCH ? AND pairText.rowid BETWEEN ? AND ?
            AND pair.caption = ? AND pair.ordinal <> ? LIMIT ?)
        """,
      arguments: [
        match, first, first + ReportMigrations.pairsPerRun - 1,
        scored.pair.caption, scored.ordinal, limit,
      ]) ?? 0
  }
}
