import AuditReport
import Foundation

/// What speaks for and against a pair, in sentences.
enum PairReasons {
  static func sentences(
    _ scored: ScoredPair, pairCount: Int, shuffledBelow: Double?, _ twins: PairTwins,
    _ history: [SafeSetMembership]
  ) -> [String] {
    var sentences: [String] = []
    if let score = scored.score, pairCount > 0 {
      let similarity = number(Double(score.similarity), 3)
      sentences.append(
        "Image and caption have a similarity of \(similarity): rank \(score.rank) of the crawl, "
          + "riskier than \(share((Double(pairCount) - Double(score.rank)) / Double(pairCount))) of its pairs."
      )
      if let posterior = score.posterior {
        sentences.append(
          "The mixture gives it a chance of \(share(posterior)) to belong to the pairs that match.")
      }
      if let shuffledBelow {
        sentences.append(
          shuffledBelow < 0.5
            ? "It is less similar than most pairs of an image with another image's caption: "
              + "\(share(shuffledBelow)) of those are below it."
            : "Of pairs of an image with another image's caption, \(share(shuffledBelow)) are less similar."
        )
      }
    } else {
      sentences.append("It has no scores yet.")
    }
    if twins.sameImage > 0 {
      sentences.append(
        "The same image, byte by byte, stands in \(twins.sameImage) other "
          + "\(twins.sameImage == 1 ? "pair" : "pairs"). One image under many captions is what targeted poisoning looks like."
      )
    }
    if twins.sameCaption > 0 {
      sentences.append(
        "The same caption stands in \(twins.sameCaption) other "
          + "\(twins.sameCaption == 1 ? "pair" : "pairs"). One caption over many images is what a campaign looks like."
      )
    }
    let safe = history.count { $0.isSafe }
    if !history.isEmpty {
      sentences.append("It was in the safe set after \(safe) of \(history.count) epochs.")
    }
    return sentences
  }

  /// The same in few words, for lists.
  static func short(
    _ scored: ScoredPair, shuffledBelow: Double?, sameImage: Int
  ) -> [String] {
    var reasons: [String] = []
    if let posterior = scored.score?.posterior {
      reasons.append("\(share(posterior)) chance to match")
    }
    if let shuffledBelow {
      reasons.append("\(share(shuffledBelow)) of shuffled pairs are less similar")
    }
    if sameImage > 0 {
      reasons.append("same image in \(sameImage) other \(sameImage == 1 ? "pair" : "pairs")")
    }
    return reasons
  }

  private static func number(_ value: Double, _ digits: Int) -> String {
    value.formatted(
      .number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_US_POSIX")))
  }

  /// A share in per cent; what is not quite none or all does not look as if it were.
  private static func share(_ value: Double) -> String {
    switch value {
    case 0: "0 %"
    case 1: "100 %"
    case ..<0.001: "under 0.1 %"
    case 0.999...: "over 99.9 %"
    default: "\(number(100 * value, 1)) %"
    }
  }
}
