/// CLIP's tokenizer: byte-pair encoding (Sennrich et al., 2016, arXiv:1508.07909) over bytes, with
/// the end of a word marked on its last byte.
///
/// Tokens are numbered as CLIP's: 256 bytes, the same 256 at the end of a word, one token for each
/// merge in order of rank, the start token, the end token. So the end token has the largest number,
/// which the text tower's pooling (the position of the maximum) relies on; padding is 0.
///
/// The value is immutable and shared freely. For many captions take one `BytePairEncoder` a thread:
/// it remembers words and reuses its buffers.
package struct BytePairTokenizer: Sendable {
  /// Two neighbouring tokens that become one.
  package struct Merge: Hashable, Sendable {
    package let left: Int32
    package let right: Int32

    package init(left: Int32, right: Int32) {
      self.left = left
      self.right = right
    }
  }

  /// The merges, in the order they are applied: merge `r` makes token `512 + r`.
  package let merges: [Merge]
  /// How text is cut into words.
  package let splitting: WordSplitting
  /// Whether a caption may write out CLIP's start and end token, as open_clip lets it.
  ///
  /// True for CLIP's own vocabulary, where tokens must equal the published model's; false for a
  /// vocabulary of the crawl, where a caption must not be able to end itself early.
  package let readsSpecialTokens: Bool

  /// From a pair of tokens to the token they make; the lower, the earlier it is merged.
  let mergedToken: PairTable
  /// The bytes of all tokens but the last two, one behind the other.
  private let tokenBytes: [UInt8]
  private let tokenEnds: [Int]

  /// Checks the merges and builds the tables.
  ///
  /// - Throws: `MergeFault` if a merge names a token that is not made yet, goes on after an end of
  ///   word, or makes a token that exists.
  package init(
    merges: [Merge], splitting: WordSplitting = .clip, readsSpecialTokens: Bool = false
  ) throws(MergeFault) {
    var strings = TokenStrings()
    var table = PairTable(minimumCapacity: merges.count)
    for (rank, merge) in merges.enumerated() {
      let known = Int32(0)..<Int32(strings.count)
      guard known.contains(merge.left), known.contains(merge.right) else {
        throw MergeFault(rank: rank, kind: .unknownSymbol)
      }
      guard !strings.endsWord(merge.left) else {
        throw MergeFault(rank: rank, kind: .goesOnAfterEndOfWord)
      }
      guard strings.append(merge.left, merge.right) else {
        throw MergeFault(rank: rank, kind: .madeBefore)
      }
      _ = table.insert(
        merge.left, merge.right, fresh: Int32(ByteAlphabet.tokenCount + rank))
    }
    self.merges = merges
    self.splitting = splitting
    self.readsSpecialTokens = readsSpecialTokens
    mergedToken = table
    (tokenBytes, tokenEnds) = strings.bytesAndEnds
  }

  /// Number of tokens, the start and end token included.
  package var vocabularySize: Int { ByteAlphabet.tokenCount + merges.count + 2 }
  /// The token before every caption.
  package var startToken: Int32 { Int32(vocabularySize - 2) }
  /// The token behind every caption: the largest of all.
  package var endToken: Int32 { Int32(vocabularySize - 1) }

  var scanner: WordScanner {
    WordScanner(splitting: splitting, readsSpecialTokens: readsSpecialTokens)
  }

  /// The bytes of a token, and whether it ends a word; nil for the start and end token and for
  /// numbers outside the vocabulary.
  func bytes(of token: Int32) -> (bytes: ArraySlice<UInt8>, endsWord: Bool)? {
    guard token >= 0, Int(token) < tokenEnds.count else { return nil }
    let start = token == 0 ? 0 : tokenEnds[Int(token) - 1]
    // The last byte of every entry is the mark of the end of a word.
    let end = tokenEnds[Int(token)] - 1
    return (tokenBytes[start..<end], tokenBytes[end] == TokenStrings.endMark)
  }
}

extension BytePairTokenizer: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    left.merges == right.merges && left.splitting == right.splitting
      && left.readsSpecialTokens == right.readsSpecialTokens
  }
}
