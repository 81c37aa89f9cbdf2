import AuditDump

/// A crawl with planted pairs in it and others taken out, without a copy of what stays.
package struct CrawlOverlay: CrawlReader {
  private let base: any CrawlReader
  private let planted: any CrawlReader
  private let kept: Set<String>

  /// Those pairs of `base` whose key is in `kept`, with all that `base` rejects, then those of `planted`.
  package init(base: any CrawlReader, kept: Set<String>, planted: any CrawlReader) {
    self.base = base
    self.kept = kept
    self.planted = planted
  }

  /// The same without the planted pairs.
  var withoutPlanted: CrawlOverlay { CrawlOverlay(base: base, kept: kept, planted: PairList([])) }

  /// The crawl's own format.
  package var formatName: String { base.formatName }

  package func read(_ body: (CrawlRecord) throws -> Void) throws {
    try base.read { record in
      if case .pair(let pair) = record, !kept.contains(pair.key) { return }
      try body(record)
    }
    try planted.read(body)
  }
}
