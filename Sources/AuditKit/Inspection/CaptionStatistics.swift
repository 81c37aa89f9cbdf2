import AuditFiles

/// What the captions of a crawl are like.
public struct CaptionStatistics: Codable, Sendable, Equatable {
  /// Unicode scalars in a caption; nil where there is none.
  public var characters: Spread?
  /// Words, parted by white space, in a caption.
  public var words: Spread?
  /// Different captions.
  public var distinct: Int
  /// Different captions when case, punctuation and spacing do not count.
  public var distinctNormalized: Int
  /// Captions that hold a letter outside of ASCII.
  public var nonASCII: Int
  /// The captions of the most pairs, twice or more each: what one campaign would leave.
  public var mostRepeated: [Repeated]

  /// A caption and its number of pairs.
  public struct Repeated: Codable, Sendable, Equatable {
    /// The caption.
    public var caption: String
    /// Pairs that have it.
    public var count: Int
  }
}

/// Counts captions one by one; remembers a fingerprint of each, not its text.
package struct CaptionCensus {
  private var characters: [Int: Int] = [:]
  private var words: [Int: Int] = [:]
  private var nonASCII = 0
  private var occurrences: [UInt128: Int32] = [:]
  private var normalized: Set<UInt128> = []
  private var leaders: [UInt128: CaptionStatistics.Repeated] = [:]
  /// A caption needs more pairs than this to be among the leaders.
  private var threshold = 1

  private static let listed = 5
  private static let keptLeaders = 64

  package init() {}

  /// Takes in one more.
  package mutating func count(_ caption: String) {
    var (wordCount, isInWord, plain) = (0, false, [UInt8]())
    var scalarCount = 0
    for scalar in caption.unicodeScalars {
      scalarCount += 1
      let isSpace = scalar.properties.isWhitespace
      if !isSpace && !isInWord { wordCount += 1 }
      isInWord = !isSpace
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        plain += Array(scalar.properties.lowercaseMapping.utf8)
      } else if plain.last != 0x20, !plain.isEmpty {
        plain.append(0x20)
      }
    }
    if plain.last == 0x20 { plain.removeLast() }
    characters[scalarCount, default: 0] += 1
    words[wordCount, default: 0] += 1
    if caption.utf8.contains(where: { $0 >= 0x80 }) { nonASCII += 1 }
    normalized.insert(ContentDigest(of: plain).firstHalf)
    note(caption)
  }

  private mutating func note(_ caption: String) {
    let fingerprint = ContentDigest(of: Array(caption.utf8)).firstHalf
    let count = Int(occurrences[fingerprint, default: 0] + 1)
    occurrences[fingerprint] = Int32(clamping: count)
    // At its last pair a leader has its full number, so none of the largest is missed.
    guard count > threshold || leaders[fingerprint] != nil else { return }
    leaders[fingerprint] = CaptionStatistics.Repeated(caption: caption, count: count)
    if leaders.count > Self.keptLeaders,
      let least = leaders.min(by: { $0.value.count < $1.value.count })
    {
      leaders[least.key] = nil
      threshold = max(threshold, least.value.count)
    }
  }

  /// What was counted so far.
  package var statistics: CaptionStatistics {
    CaptionStatistics(
      characters: Spread(counts: characters), words: Spread(counts: words),
      distinct: occurrences.count, distinctNormalized: normalized.count, nonASCII: nonASCII,
      mostRepeated: Array(
        leaders.values.sorted { ($1.count, $0.caption) < ($0.count, $1.caption) }
          .prefix(Self.listed)))
  }
}
