/// What cleaning and cutting into words need to know of a scalar, in one byte.
struct ScalarTraits: Sendable, Equatable {
  /// The classes that words are cut by.
  enum Kind: UInt8 {
    case letter, number, space, mark, other
  }

  private let bits: UInt8

  /// The class of the scalar.
  @inline(__always)
  var kind: Kind { Kind(rawValue: bits & 0x07) ?? .other }

  /// Whether text with it has to go through `TextRepair`: it is replaced or removed there, or may
  /// compose with what stands before it.
  @inline(__always)
  var isSuspect: Bool { bits & 0x08 != 0 }

  /// Whether it becomes something else in lower case.
  @inline(__always)
  var changesWhenLowercased: Bool { bits & 0x10 != 0 }

  /// Whether it is a mark that canonical ordering may move (its combining class is not 0).
  @inline(__always)
  var hasCombiningClass: Bool { bits & 0x20 != 0 }

  /// Looks the traits up; about a nanosecond for the basic plane, where nearly all text lies.
  @inline(__always)
  static func of(_ scalar: Unicode.Scalar) -> ScalarTraits {
    scalar.value < 0x1_0000
      ? ScalarTraits(bits: basicPlane[Int(scalar.value)]) : ScalarTraits(computedFor: scalar)
  }

  private init(bits: UInt8) { self.bits = bits }

  private static let basicPlane: [UInt8] = (0..<UInt32(0x1_0000)).map { value in
    Unicode.Scalar(value).map { ScalarTraits(computedFor: $0).bits } ?? Kind.other.rawValue
  }

  private init(computedFor scalar: Unicode.Scalar) {
    let properties = scalar.properties
    let kind: Kind =
      switch properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        .letter
      case .decimalNumber, .letterNumber, .otherNumber: .number
      case .nonspacingMark, .spacingMark, .enclosingMark: .mark
      default: properties.isWhitespace ? .space : .other
      }
    var bits = kind.rawValue
    if TextRepair.changes(scalar) || Self.mayCompose(scalar, kind) { bits |= 0x08 }
    if properties.changesWhenLowercased { bits |= 0x10 }
    if properties.canonicalCombiningClass != .notReordered { bits |= 0x20 }
    self.bits = bits
  }

  /// The scalars for which Unicode's NFC_Quick_Check is "no" or "maybe".
  ///
  /// For the latter the standard library has no property. They are the last scalars of canonical
  /// decompositions, listed here for the basic plane; beyond it every mark counts.
  private static func mayCompose(_ scalar: Unicode.Scalar, _ kind: Kind) -> Bool {
    switch scalar.value {
    case ..<0x300: false
    case 0x300...0x304, 0x306...0x30C, 0x30F, 0x311, 0x313...0x314, 0x31B, 0x323...0x328,
      0x32D...0x32E, 0x330...0x331, 0x338, 0x342, 0x345, 0x653...0x655, 0x93C, 0x9BE, 0x9D7, 0xB3E,
      0xB56...0xB57, 0xBBE, 0xBD7, 0xC56, 0xCC2, 0xCD5...0xCD6, 0xD3E, 0xD57, 0xDCA, 0xDCF, 0xDDF,
      0x102E, 0x1161...0x1175, 0x11A8...0x11C2, 0x1B35, 0x3099...0x309A, 0x1_6D63...0x1_6D6A:
      true
    case 0x1_0000...: kind == .mark || scalar.properties.isFullCompositionExclusion
    default: scalar.properties.isFullCompositionExclusion
    }
  }
}
