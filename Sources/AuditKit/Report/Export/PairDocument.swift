import AuditFiles

/// A pair as JSON has it, for audit-cli and auditd alike, with the names of the export's columns.
package struct PairDocument: Encodable, Sendable {
  package var key: String
  package var source: String
  package var risk: Double?
  package var similarity: Float?
  package var posterior: Double?
  package var safe: Bool?
  package var rank: Int?
  package var caption: String
  package var width: Int?
  package var height: Int?
  package var sha256: String?
  package var url: String?
  package var uid: String?
  package var originalWidth: Int?
  package var originalHeight: Int?
  /// Whether the image is the one that the crawl's metadata promise, where they do.
  package var sha256Matches: Bool?
  package var ordinal: Int
  /// What a reviewer decided, where that is told.
  package var verdict: VerdictRecord?

  package init(_ scored: ScoredPair, verdict: VerdictRecord? = nil) {
    key = scored.pair.key
    source = scored.pair.source
    risk = scored.score?.risk
    similarity = scored.score?.similarity
    posterior = scored.score?.posterior
    safe = scored.score?.isSafe
    rank = scored.score?.rank
    caption = scored.pair.caption
    width = scored.pair.imageWidth
    height = scored.pair.imageHeight
    sha256 = scored.pair.imageSHA256?.hexadecimal
    url = scored.pair.url
    uid = scored.pair.uid
    originalWidth = scored.pair.originalWidth
    originalHeight = scored.pair.originalHeight
    sha256Matches = scored.pair.sha256Matches
    ordinal = scored.ordinal
    self.verdict = verdict
  }
}
