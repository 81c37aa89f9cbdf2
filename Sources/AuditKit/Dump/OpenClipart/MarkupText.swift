import Foundation

/// Text out of markup that many hands and tools have written.
package enum MarkupText {
  /// Undoes entities, also those that were escaped twice; repairs UTF-8 that was taken for Latin-1;
  /// makes each run of white space and control characters one space.
  package static func cleaned(_ text: String) -> String {
    let plain = withoutEntities(withoutEntities(text))
    return collapsed(repaired(plain))
  }

  /// Text with single spaces between its words.
  static func collapsed(_ text: String) -> String {
    let words = text.unicodeScalars.split {
      $0.properties.isWhitespace || $0.properties.generalCategory == .control
    }
    return words.map { String(Substring($0)) }.joined(separator: " ")
  }

  /// The bytes as text: UTF-8 with damage replaced, or Windows-1252 where the file says Latin-1, as
  /// browsers take it.
  static func decoded(_ bytes: ArraySlice<UInt8>, isLatin: Bool) -> String {
    if isLatin, let text = String(bytes: bytes, encoding: .windowsCP1252) { return text }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Replaces `&amp;`, `&#233;`, `&#xE9;`, `&eacute;`; leaves what is no entity.
  static func withoutEntities(_ text: String) -> String {
    guard text.contains("&") else { return text }
    var result = ""
    var rest = text[...]
    while let ampersand = rest.firstIndex(of: "&") {
      result += rest[..<ampersand]
      rest = rest[rest.index(after: ampersand)...]
      if let semicolon = rest.prefix(maximumEntityLength).firstIndex(of: ";"),
        let character = character(named: rest[..<semicolon])
      {
        result.unicodeScalars.append(character)
        rest = rest[rest.index(after: semicolon)...]
      } else {
        result += "&"
      }
    }
    return result + rest
  }

  private static let maximumEntityLength = 12

  private static func character(named name: Substring) -> Unicode.Scalar? {
    guard name.first == "#" else { return named[String(name)] }
    let digits = name.dropFirst()
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    let value =
      isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
    return value.flatMap { Unicode.Scalar($0) }
  }

  /// `LÃ©zard` is `Lézard`, whose two bytes of UTF-8 were read as two letters.
  private static func repaired(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value > 0x7F }),
      text.unicodeScalars.allSatisfy({ $0.value <= 0xFF })
    else { return text }
    return String(validating: text.unicodeScalars.map { UInt8($0.value) }, as: UTF8.self) ?? text
  }

  /// HTML's names for XML's five characters, for U+00A0 to U+00FF in order, and for punctuation.
  private static let named: [String: Unicode.Scalar] = {
    var table: [String: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
      "ndash": "\u{2013}", "mdash": "\u{2014}", "lsquo": "\u{2018}", "rsquo": "\u{2019}",
      "ldquo": "\u{201C}", "rdquo": "\u{201D}", "hellip": "\u{2026}", "bull": "\u{2022}",
      "euro": "\u{20AC}", "trade": "\u{2122}", "OElig": "\u{152}", "oelig": "\u{153}",
    ]
    let latin = """
      nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
      sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave \
      Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
      ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN \
      szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave \
      iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
      uuml yacute thorn yuml
      """
    for (index, name) in latin.split(separator: " ").enumerated() {
      table[String(name)] = Unicode.Scalar(UInt8(0xA0 + index))
    }
    return table
  }()
}
