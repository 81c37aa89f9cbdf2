import Foundation

/// The repairs of `TextRepair` that look at one scalar: tables of what becomes what.
enum ScalarRepairs {
  /// What the scalar becomes; nil if it stays.
  static func replacement(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
    switch scalar.value {
    case 0x80...0x9F, 0x132...0x1F3, 0x2BC, 0x2018...0x201F, 0x2028, 0x2029, 0x3000,
      0xFB00...0xFB06, 0xFF01...0xFFEF:
      table[scalar]
    default:
      nil
    }
  }

  /// What Windows-1252 has for the bytes 0x80...0x9F; five of them are unassigned and stay.
  static let windows1252: [Unicode.Scalar] = [
    "\u{20AC}", "\u{81}", "\u{201A}", "\u{192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
    "\u{2C6}", "\u{2030}", "\u{160}", "\u{2039}", "\u{152}", "\u{8D}", "\u{17D}", "\u{8F}",
    "\u{90}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
    "\u{2DC}", "\u{2122}", "\u{161}", "\u{203A}", "\u{153}", "\u{9D}", "\u{17E}", "\u{178}",
  ]

  /// Latin ligatures and digraphs that stand for two or three letters.
  ///
  /// The apostrophe of U+0149 and the long s of U+FB05 are ftfy's.
  private static let ligatures: [Unicode.Scalar: String] = [
    "\u{132}": "IJ", "\u{133}": "ij", "\u{149}": "\u{2BC}n", "\u{1C4}": "D\u{17D}",
    "\u{1C5}": "D\u{17E}", "\u{1C6}": "d\u{17E}", "\u{1C7}": "LJ", "\u{1C8}": "Lj",
    "\u{1C9}": "lj", "\u{1CA}": "NJ", "\u{1CB}": "Nj", "\u{1CC}": "nj", "\u{1F1}": "DZ",
    "\u{1F2}": "Dz", "\u{1F3}": "dz", "\u{FB00}": "ff", "\u{FB01}": "fi", "\u{FB02}": "fl",
    "\u{FB03}": "ffi", "\u{FB04}": "ffl", "\u{FB05}": "\u{17F}t", "\u{FB06}": "st",
  ]

  /// All tables in one: each scalar goes through C1 controls, ligatures, widths, quotes and line
  /// breaks, in this order.
  private static let table: [Unicode.Scalar: [Unicode.Scalar]] = {
    var table: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    let ranges: [ClosedRange<UInt32>] = [
      0x80...0x9F, 0x132...0x1F3, 0x2BC...0x2BC, 0x2018...0x201F, 0x2028...0x2029,
      0x3000...0x3000, 0xFB00...0xFB06, 0xFF01...0xFFEF,
    ]
    for scalar in ranges.joined().compactMap({ Unicode.Scalar($0) }) {
      let windows = (0x80...0x9F).contains(scalar.value)
      let first = windows ? windows1252[Int(scalar.value - 0x80)] : scalar
      let letters = ligatures[first].map { Array($0.unicodeScalars) } ?? [first]
      let result = letters.flatMap(standardWidth).map(straightQuote).map(lineBreak)
      if result != [scalar] { table[scalar] = result }
    }
    return table
  }()

  private static func standardWidth(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.value {
    case 0x3000: [" "]
    case 0xFF01...0xFFEF:
      Array(String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars)
    default: [scalar]
    }
  }

  private static func straightQuote(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x2BC, 0x2018...0x201B: "'"
    case 0x201C...0x201F: "\""
    default: scalar
    }
  }

  private static func lineBreak(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x85, 0x2028, 0x2029: "\n"
    default: scalar
    }
  }
}
