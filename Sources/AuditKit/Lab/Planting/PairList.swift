import AuditDump

/// Pairs that were read before, as a crawl.
package struct PairList: CrawlReader {
  private let pairs: [Pair]

  package init(_ pairs: [Pair]) { self.pairs = pairs }

  package var formatName: String { "list" }

  package func read(_ body: (CrawlRecord) throws -> Void) throws {
    for pair in pairs { try body(.pair(pair)) }
  }
}
