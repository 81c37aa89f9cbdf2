import Foundation

/// Times as documents have them (RFC 3339): UTC with milliseconds.
package enum Timestamp {
  private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  /// Such as "2026-11-25T21:34:41.484Z", rounded to the nearest millisecond.
  package static func text(_ date: Date) -> String {
    // The style cuts digits off, so a time of whole milliseconds that is a rounding error short would lose one.
    let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
    return Date(timeIntervalSince1970: (milliseconds + 0.25) / 1000).formatted(style)
  }

  /// The time that a text tells, with or without fractions of a second; nil for anything else.
  package static func date(_ text: String) -> Date? {
    (try? style.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text))
  }
}
