import Foundation

/// JSON as the service writes and reads it.
enum ServiceJSON {
  /// UTF-8 without line ends; dates as RFC 3339 in UTC with milliseconds.
  static func bytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(text(date))
    }
    return [UInt8](try encoder.encode(value))
  }

  /// A date as RFC 3339.
  static func text(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// The date that `text` gave.
  static func date(_ text: String) -> Date? {
    let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
    return styles.lazy.compactMap { try? $0.parse(text) }.first
  }
}
