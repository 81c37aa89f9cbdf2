import AuditFiles
import AuditReport
import Foundation

/// A page of pairs.
struct PairListDocument: Sendable {
  var run: String
  var order: PairQuery.Order
  var pairs: [PairDocument]
  /// What speaks for and against each pair, in short; nil where nobody asked.
  var reasons: [[String]]?
  var next: String?

  init(
    _ identifier: RunIdentifier, _ snapshot: ReportSnapshot, _ page: PairPage,
    order: PairQuery.Order, hasReasons: Bool
  ) throws {
    run = identifier.description
    self.order = order
    let verdicts = try snapshot.verdicts(
      of: identifier.number, ordinals: page.pairs.map(\.ordinal))
    pairs = page.pairs.map { PairDocument($0, verdict: verdicts[$0.ordinal]) }
    if hasReasons {
      let run = try snapshot.run(identifier.number)
      let histogram = try snapshot.currentMixture(of: run)?.histogram
      reasons = try page.pairs.map { scored in
        PairReasons.short(
          scored,
          shuffledBelow: scored.score.flatMap {
            histogram?.shuffledShare(below: Double($0.similarity))
          }, sameImage: try snapshot.sameImageCount(of: run.id, scored.pair))
      }
    }
    next = page.next?.description
  }
}

extension PairListDocument {
  /// The document as UTF-8, put together by hand: a page has a thousand fields, which Foundation's encoder takes one by
  /// one through boxes.
  ///
  /// - Throws: What the encoder does for a verdict.
  func json() throws -> [UInt8] {
    var text = "{"
    if let next { text += "\"next\":\(JSONText.quoted(next))," }
    text += "\"order\":\"\(order.rawValue)\",\"pairs\":["
    for (place, pair) in pairs.enumerated() {
      text += try (place == 0 ? "{" : ",{") + pair.fields()
      if let reasons {
        text += ",\"reasons\":[" + reasons[place].map(JSONText.quoted).joined(separator: ",") + "]"
      }
      text += "}"
    }
    return Array((text + "],\"run\":\(JSONText.quoted(run))}").utf8)
  }
}

extension PairDocument {
  /// The fields that have a value, as `encode` writes them.
  fileprivate func fields() throws -> String {
    var text = "\"caption\":\(JSONText.quoted(caption)),\"key\":\(JSONText.quoted(key))"
    text += ",\"source\":\(JSONText.quoted(source)),\"ordinal\":\(ordinal)"
    if let risk { text += ",\"risk\":\(risk)" }
    if let similarity { text += ",\"similarity\":\(similarity)" }
    if let posterior { text += ",\"posterior\":\(posterior)" }
    if let safe { text += ",\"safe\":\(safe)" }
    if let rank { text += ",\"rank\":\(rank)" }
    if let width { text += ",\"width\":\(width)" }
    if let height { text += ",\"height\":\(height)" }
    if let sha256 { text += ",\"sha256\":\"\(sha256)\"" }
    if let url { text += ",\"url\":\(JSONText.quoted(url))" }
    if let uid { text += ",\"uid\":\"\(uid)\"" }
    if let originalWidth { text += ",\"originalWidth\":\(originalWidth)" }
    if let originalHeight { text += ",\"originalHeight\":\(originalHeight)" }
    if let sha256Matches { text += ",\"sha256Matches\":\(sha256Matches)" }
    if let verdict {
      text += ",\"verdict\":" + String(decoding: try ServiceJSON.bytes(verdict), as: UTF8.self)
    }
    return text
  }
}

/// The pairs of a key with what is known of them.
struct PairDetailsDocument: Encodable, Sendable {
  var run: String
  var key: String
  var pairs: [Evidence]

  struct Evidence: Encodable, Sendable {
    var pair: PairDocument
    var reasons: [String]
    var riskierShare: Double?
    var shuffledBelowShare: Double?
    var sameImage: Int
    var sameImageCaptions: [String]?
    var sameCaption: Int
    var history: [SafeSetMembership]
  }

  /// - Throws: `Problem` where the run has no such pair.
  init(
    _ identifier: RunIdentifier, _ snapshot: ReportSnapshot, key: String, ordinal: Int?
  ) throws {
    let record = try snapshot.run(identifier.number)
    let found = try snapshot.pairs(of: identifier, key: key, ordinal: ordinal)
    run = identifier.description
    self.key = key
    pairs = try found.map { try Self.evidence(of: $0, record, snapshot) }
  }

  private static func evidence(
    of scored: ScoredPair, _ run: RunRecord, _ snapshot: ReportSnapshot
  ) throws -> Evidence {
    let twins = try snapshot.twins(of: run.id, scored)
    let history = try snapshot.safeSetHistory(of: run.id, ordinal: scored.ordinal)
    let histogram = try snapshot.currentMixture(of: run)?.histogram
    let below = scored.score.flatMap { histogram?.shuffledShare(below: Double($0.similarity)) }
    let riskier = scored.score.map { (Double($0.rank) - 1) / Double(max(1, run.pairCount)) }
    return Evidence(
      pair: PairDocument(
        scored, verdict: try snapshot.verdict(of: run.id, ordinal: scored.ordinal)),
      reasons: PairReasons.sentences(
        scored, pairCount: run.pairCount, shuffledBelow: below, twins, history),
      riskierShare: riskier, shuffledBelowShare: below, sameImage: twins.sameImage,
      sameImageCaptions: twins.sameImageCaptions.isEmpty ? nil : twins.sameImageCaptions,
      sameCaption: twins.sameCaption, history: history)
  }
}

extension ReportSnapshot {
  /// The pairs of a key, or the one of them at a place.
  ///
  /// - Throws: `Problem` where there is none.
  func pairs(
    of identifier: RunIdentifier, key: String, ordinal: Int?
  ) throws -> [ScoredPair] {
    let found = try pairs(of: try run(identifier.number).id, key: key)
      .filter { ordinal == nil || $0.ordinal == ordinal }
    guard !found.isEmpty else {
      throw Problem(
        .notFound,
        "The run has no pair with this key" + (ordinal.map { " at place \($0)." } ?? "."))
    }
    return found
  }
}

extension SimilarityHistogram {
  /// The share of shuffled pairs in the bins below a similarity; nil where none were scored.
  fileprivate func shuffledShare(below similarity: Double) -> Double? {
    guard let shuffledCounts else { return nil }
    let total = shuffledCounts.reduce(0) { $0 + Int($1) }
    guard total > 0 else { return nil }
    let place = (similarity - lower) / (upper - lower) * Double(shuffledCounts.count)
    let bins = Int(min(max(0, place), Double(shuffledCounts.count)))
    return Double(shuffledCounts.prefix(bins).reduce(0) { $0 + Int($1) }) / Double(total)
  }
}
