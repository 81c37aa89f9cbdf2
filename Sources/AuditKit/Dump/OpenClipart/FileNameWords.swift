import Foundation

/// The words in a file's name: `button-green_benji_park_01.png` by Benji Park says `button green`.
package struct FileNameWords {
  package let words: [String]

  /// - Parameters:
  ///   - stem: The name without extension.
  ///   - creators: The makers, whose names the library put (and cut) at the end of file names.
  package init(stem: String, creators: [String] = []) {
    var parts = Self.folded(stem).split(separator: "_").map(String.init)
    let isNumber: (String) -> Bool = { $0.allSatisfy(\.isNumber) }
    // `_01`, `_01a`, `_r`: the library's numbering, always behind the maker's name.
    var trimmed = parts
    while let last = trimmed.last, Self.isNumbering(last) { trimmed.removeLast() }
    for start in trimmed.indices.dropFirst() {
      let ending = trimmed[start...].joined(separator: "_")
      if ending.count > 1, creators.contains(where: { Self.folded($0).hasPrefix(ending) }) {
        parts = Array(trimmed[..<start])
        break
      }
    }
    while parts.count > 1, let last = parts.last, last.hasPrefix("0"), isNumber(last) {
      parts.removeLast()
    }
    words = parts.flatMap(Self.pieces)
  }

  /// Letters and digits without accents and in lower case, all else as single `_`.
  static func folded(_ text: String) -> String {
    let isASCII = text.utf8.allSatisfy { $0 < 128 }
    let plain =
      isASCII
      ? text.lowercased()
      : text.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
    return plain.split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
  }

  private static func isNumbering(_ part: String) -> Bool {
    part == "r" || (part.first?.isNumber == true && part.count <= 3)
  }

  /// Cuts `hand2` and `66pt13step` before digits that follow letters.
  private static func pieces(_ part: String) -> [String] {
    var pieces: [String] = []
    for character in part {
      if let last = pieces.last?.last, !(character.isNumber && last.isLetter) {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
    }
    return pieces
  }
}
