import Foundation

/// A value of a setting as JSON has it.
///
/// Whole numbers stay whole, so that a 64-bit seed survives.
public enum SettingValue: Sendable, Equatable {
  /// Not set (an optional setting's default).
  case null
  /// `true` or `false`.
  case flag(Bool)
  /// A whole number.
  case whole(Int64)
  /// A whole number beyond `Int64`.
  case large(UInt64)
  /// Any other number.
  case number(Double)
  /// A string.
  case text(String)
  /// A list.
  case list([SettingValue])
  /// An object: settings below this one.
  case object([String: SettingValue])
}

extension SettingValue {
  /// A whole number without sign, such as a seed.
  public init(_ number: UInt64) {
    self = Int64(exactly: number).map { .whole($0) } ?? .large(number)
  }
}

extension SettingValue: Codable {
  /// Reads any JSON value.
  ///
  /// - Throws: `DecodingError` for what JSON cannot hold.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let whole = try? container.decode(Int64.self) {
      self = .whole(whole)
    } else if let large = try? container.decode(UInt64.self) {
      self = .large(large)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([SettingValue].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: SettingValue].self))
    }
  }

  /// Writes the same JSON value.
  ///
  /// - Throws: `EncodingError` for a number that is not finite.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let value): try container.encode(value)
    case .whole(let value): try container.encode(value)
    case .large(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension SettingValue: CustomStringConvertible {
  /// The value as `--set` takes it.
  public var description: String {
    switch self {
    case .null: return "none"
    case .flag(let value): return "\(value)"
    case .whole(let value): return "\(value)"
    case .large(let value): return "\(value)"
    case .number(let value): return "\(value)"
    case .text(let value): return value
    case .list, .object:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "?"
    }
  }

  /// What a person types after `=`: JSON where it is JSON, a string otherwise.
  init(typed text: String) {
    self =
      (try? JSONDecoder().decode(SettingValue.self, from: Data(text.utf8))) ?? .text(text)
  }
}

extension SettingValue {
  /// Every value below an object under its dotted name; anything else, an empty object too, is one leaf.
  package func leaves(prefix: String = "") -> [(name: String, value: SettingValue)] {
    guard case .object(let members) = self, !members.isEmpty else { return [(prefix, self)] }
    return members.sorted { $0.key < $1.key }.flatMap { key, value in
      value.leaves(prefix: prefix.isEmpty ? key : "\(prefix).\(key)")
    }
  }

  /// The opposite of `leaves`.
  init(leaves: [String: SettingValue]) {
    var members: [String: SettingValue] = [:]
    var below: [String: [String: SettingValue]] = [:]
    for (name, value) in leaves {
      guard let dot = name.firstIndex(of: ".") else {
        members[name] = value
        continue
      }
      below[String(name[..<dot]), default: [:]][String(name[name.index(after: dot)...])] = value
    }
    for (name, leaves) in below { members[name] = SettingValue(leaves: leaves) }
    self = .object(members)
  }
}
