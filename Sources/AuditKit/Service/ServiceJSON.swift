import AuditFiles
import Foundation

/// JSON as the service writes and reads it.
enum ServiceJSON {
  /// UTF-8 without line ends; dates as RFC 3339 in UTC with milliseconds.
  static func bytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(Timestamp.text(date))
    }
    return [UInt8](try encoder.encode(value))
  }
}
