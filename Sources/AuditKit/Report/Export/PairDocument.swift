import AuditFiles
import AuditReport

/// A pair as `--json` prints it, with the names of the export's columns.
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
  package var ordinal: Int

  package init(_ scored: ScoredPair) {
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
    ordinal = scored.ordinal
  }
}

/// A pair and in which epochs it was in the safe set.
package struct PairDetails: Encodable, Sendable {
  package var pair: PairDocument
  package var history: [SafeSetMembership]

  package init(pair: PairDocument, history: [SafeSetMembership]) {
    self.pair = pair
    self.history = history
  }
}
