/// The first 512 tokens of every vocabulary: CLIP's order of the 256 bytes, and the printable
/// character that stands for each byte in a merges file.
///
/// Printable Latin-1 bytes come first and stand for themselves; the other 68 (controls, spaces, the
/// soft hyphen) follow and are written as U+0100 and up, so that a merges file has no white space
/// inside a symbol. Tokens 0..<256 are bytes inside a word, 256..<512 the same bytes at its end.
enum ByteAlphabet {
  /// How an end of word is written in a merges file.
  static let endOfWord = "</w>"

  /// Number of tokens that stand for one byte, inside and at the end of a word.
  static let tokenCount = 512

  /// The byte of each token in 0..<256.
  static let byteOfToken: [UInt8] = {
    let printable = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    let rest = (0...0xFF).filter { !printable.contains($0) }
    return (printable + rest).map { UInt8($0) }
  }()

  /// The token in 0..<256 of each byte.
  static let tokenOfByte: [Int32] = {
    var tokens = [Int32](repeating: 0, count: 256)
    for (token, byte) in byteOfToken.enumerated() { tokens[Int(byte)] = Int32(token) }
    return tokens
  }()

  /// The character that each byte is written as.
  static let scalarOfByte: [Unicode.Scalar] = (0...255).map { (byte: Int) -> Unicode.Scalar in
    let token = Int(tokenOfByte[byte])
    let printableCount = 188
    let value = token < printableCount ? byte : 0x100 + token - printableCount
    return Unicode.Scalar(UInt16(value)) ?? "?"
  }

  /// The byte that each character of a merges file stands for.
  static let byteOfScalar: [Unicode.Scalar: UInt8] = Dictionary(
    uniqueKeysWithValues: scalarOfByte.enumerated().map { ($1, UInt8($0)) })

  /// The written form of a token's bytes.
  static func text(of bytes: some Sequence<UInt8>, endsWord: Bool) -> String {
    var text = ""
    for byte in bytes { text.unicodeScalars.append(scalarOfByte[Int(byte)]) }
    return endsWord ? text + endOfWord : text
  }

  /// The bytes of a written symbol; nil where a character stands for none.
  static func symbol(_ text: Substring) -> (bytes: [UInt8], endsWord: Bool)? {
    let endsWord = text.hasSuffix(endOfWord) && text.utf8.count > endOfWord.utf8.count
    var bytes: [UInt8] = []
    for scalar in (endsWord ? text.dropLast(endOfWord.count) : text).unicodeScalars {
      guard let byte = byteOfScalar[scalar] else { return nil }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : (bytes, endsWord)
  }
}
