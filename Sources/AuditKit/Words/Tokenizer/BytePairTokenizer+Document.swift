import Foundation

/// `tokenizer.json`: what a model folder keeps of its tokenizer.
extension BytePairTokenizer: Codable {
  /// The version that is written; others are refused.
  package static let documentVersion = 1

  private enum CodingKeys: String, CodingKey {
    case format, version, vocabularySize, startToken, endToken, splitting, readsSpecialTokens,
      merges
  }

  private static let format = "byte-pair tokenizer"

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.format, forKey: .format)
    try container.encode(Self.documentVersion, forKey: .version)
    try container.encode(vocabularySize, forKey: .vocabularySize)
    try container.encode(startToken, forKey: .startToken)
    try container.encode(endToken, forKey: .endToken)
    try container.encode(splitting, forKey: .splitting)
    try container.encode(readsSpecialTokens, forKey: .readsSpecialTokens)
    try container.encode(MergeText.lines(of: self), forKey: .merges)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let format = try container.decode(String.self, forKey: .format)
    guard format == Self.format else {
      throw WordsError.tokenizer(reason: "its format is '\(format)', not '\(Self.format)'")
    }
    let version = try container.decode(Int.self, forKey: .version)
    guard version == Self.documentVersion else {
      throw WordsError.tokenizer(
        reason: "its version is \(version), this program knows \(Self.documentVersion)")
    }
    do {
      try self.init(
        merges: MergeText.merges(container.decode([String].self, forKey: .merges)),
        splitting: container.decode(WordSplitting.self, forKey: .splitting),
        readsSpecialTokens: container.decode(Bool.self, forKey: .readsSpecialTokens))
    } catch let fault as MergeFault {
      throw WordsError.tokenizer(reason: "merge \(fault.rank): \(fault.kind.rawValue)")
    }
    for (key, expected) in [
      (CodingKeys.vocabularySize, vocabularySize), (.startToken, Int(startToken)),
      (.endToken, Int(endToken)),
    ] {
      let found = try container.decode(Int.self, forKey: key)
      guard found == expected else {
        throw WordsError.tokenizer(
          reason: "\(key.rawValue) is \(found), but its merges make it \(expected)")
      }
    }
  }

  /// Reads a `tokenizer.json`.
  ///
  /// - Throws: `WordsError.file`, or `.tokenizer` with the rule that the document breaks.
  package init(contentsOf path: String) throws(WordsError) {
    let content = try GzipFile.read(path)
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(content))
    } catch let error as WordsError {
      throw error
    } catch {
      throw .tokenizer(reason: "\(path) is no tokenizer.json (\(error))")
    }
  }

  /// Writes a `tokenizer.json`, whole or not at all; equal tokenizers give equal bytes.
  package func write(to path: String) throws(WordsError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try GzipFile.write(Array(encoder.encode(self)), to: path, compressed: false)
    } catch let error as WordsError {
      throw error
    } catch {
      throw .tokenizer(reason: "it cannot be written as JSON (\(error))")
    }
  }
}
