/// CLIP's merges files: a header line with `#version`, then one pair of symbols a line, in order of
/// rank. CLIP's own is `bpe_simple_vocab_16e6.txt.gz` of the open_clip_torch package.
extension BytePairTokenizer {
  /// How many merges CLIP takes from a file, whatever more it holds: its vocabulary is 49 408.
  package static let clipMergeCount = 49_152 - 256 - 2

  /// Loads CLIP's merges from a text file, plain or compressed with gzip.
  ///
  /// - Throws: `WordsError.file` if it cannot be read, `.merges` with the line that breaks a rule.
  package init(
    clipMerges path: String, limit: Int = BytePairTokenizer.clipMergeCount,
    splitting: WordSplitting = .clip, readsSpecialTokens: Bool = true
  ) throws(WordsError) {
    let text = String(decoding: try GzipFile.read(path), as: UTF8.self)
    let lines = text.split(
      separator: "\n", maxSplits: limit + 1, omittingEmptySubsequences: false)
    guard let header = lines.first, header.contains("#version") else {
      throw .merges(path: path, line: 1, reason: "the header is missing")
    }
    var pairs = lines.dropFirst().prefix(limit)
    // An end of line at the end of the file starts no line.
    if lines.count - 1 == pairs.count, pairs.last?.isEmpty == true { pairs.removeLast() }
    do throws(MergeFault) {
      try self.init(
        merges: try MergeText.merges(pairs), splitting: splitting,
        readsSpecialTokens: readsSpecialTokens)
    } catch {
      throw .merges(path: path, line: error.rank + 2, reason: error.kind.rawValue)
    }
  }

  /// Writes the merges so that open_clip reads them: `SimpleTokenizer(bpe_path=...)`.
  ///
  /// open_clip gives the same tokens as this tokenizer if the path ends in `.gz` (it reads nothing
  /// else) and there are at most `clipMergeCount` merges (it cuts the rest). Two differences stay: it
  /// splits words by `WordSplitting.clip`, and reads `<start_of_text>` and `<end_of_text>` in a
  /// caption as tokens. The file has no end of line at its end, which open_clip would count as a
  /// token.
  package func writeClipMerges(to path: String) throws(WordsError) {
    try GzipFile.write(clipMerges, to: path, compressed: path.hasSuffix(".gz"))
  }

  /// The content of such a file, compressed.
  package var compressedClipMerges: [UInt8] { GzipFile.compressed(clipMerges) }

  private var clipMerges: [UInt8] {
    Array((["#version: 0.2"] + MergeText.lines(of: self)).joined(separator: "\n").utf8)
  }
}
