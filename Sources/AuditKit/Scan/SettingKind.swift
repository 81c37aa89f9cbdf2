/// What a setting takes.
public indirect enum SettingKind: Sendable, Equatable {
  /// `true` or `false`.
  case flag
  /// A whole number from `least` on, to `most` where there is an end.
  case whole(least: Int64 = 0, most: Int64? = nil)
  /// Any whole number of 64 bits without sign.
  case seed
  /// A number from `least` on, to `most` where there is an end.
  case number(least: Double = 0, most: Double? = nil)
  /// One of these words.
  case choice([String])
  /// Text.
  case text
  /// A value of this kind, or nothing.
  case optional(SettingKind)

  /// For help and for messages: `a number from 0 to 1`.
  public var description: String {
    switch self {
    case .flag: "true or false"
    case .whole(let least, nil): "a whole number from \(least)"
    case .whole(let least, let most?): "a whole number from \(least) to \(most)"
    case .seed: "a whole number from 0 to 18446744073709551615"
    case .number(let least, nil): "a number from \(Self.brief(least))"
    case .number(let least, let most?):
      "a number from \(Self.brief(least)) to \(Self.brief(most))"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .text: "text"
    case .optional(let kind): "\(kind.description), or null for none"
    }
  }

  /// Whether a value is of this kind and within its limits.
  func accepts(_ value: SettingValue) -> Bool {
    switch (self, value) {
    case (.flag, .flag), (.text, .text), (.optional, .null), (.seed, .large): return true
    case (.optional(let kind), _): return kind.accepts(value)
    case (.whole(let least, let most), .whole(let value)):
      return value >= least && value <= (most ?? .max)
    case (.seed, .whole(let value)): return value >= 0
    case (.number(let least, let most), _):
      guard let value = value.double else { return false }
      return value >= least && value <= (most ?? .greatestFiniteMagnitude)
    case (.choice(let words), .text(let word)): return words.contains(word)
    default: return false
    }
  }

  /// Whether what is typed is text even where it looks like a number.
  var isText: Bool {
    switch self {
    case .text: true
    case .optional(let kind): kind.isText
    default: false
    }
  }

  private static func brief(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? "\(value)"
  }
}

extension SettingValue {
  /// A number of any form.
  fileprivate var double: Double? {
    switch self {
    case .whole(let value): Double(value)
    case .large(let value): Double(value)
    case .number(let value): value.isFinite ? value : nil
    default: nil
    }
  }
}
