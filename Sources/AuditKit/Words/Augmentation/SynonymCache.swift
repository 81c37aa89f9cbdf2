import Synchronization

/// WordNet's answers, kept: a look-up takes a thousand times longer than this.
///
/// Shared by all threads. What it holds changes no result, so that their order does not matter.
final class SynonymCache: Sendable {
  /// More words than a crawl's captions use often; then it starts afresh.
  private static let capacity = 1 << 15

  private let wordNet: WordNet
  private let known = Mutex<[String: [String]]>([:])

  init(_ wordNet: WordNet) { self.wordNet = wordNet }

  /// The synonyms of a word in lower case.
  func synonyms(of word: String) -> [String] {
    if let found = known.withLock({ $0[word] }) { return found }
    // Not under the lock: two threads may look up the same word, which harms nothing.
    let found = wordNet.synonyms(of: word)
    known.withLock { known in
      if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
      known[word] = found
    }
    return found
  }
}
