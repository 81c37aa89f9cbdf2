import Foundation

/// Numbers as people read them.
package enum Quantity {
  /// `8,121`.
  package static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (value < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// A share of one as per cent: `13.9 %`, `0.021 %`, `100 %`.
  package static func share(_ value: Double) -> String {
    guard value.isFinite else { return "unknown" }
    let percent = value * 100
    let digits = abs(percent) >= 99.95 || percent == 0 ? 0 : abs(percent) >= 1 ? 1 : 2
    if percent != 0, abs(percent) < 0.005 { return "below 0.01 %" }
    return decimal(percent, digits: digits) + " %"
  }

  /// `digits` decimals, with a point whatever the locale.
  package static func decimal(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let text = String(format: "%.\(digits)f", value)
    return text.allSatisfy({ "-0.".contains($0) }) && text.hasPrefix("-")
      ? String(text.dropFirst()) : text
  }

  /// A rate with about three digits: `812`, `45.3`, `3.21`.
  package static func rate(_ value: Double) -> String {
    guard value.isFinite else { return "unknown" }
    if value >= 1000 { return count(Int(value.rounded())) }
    return decimal(value, digits: value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)
  }

  /// The two largest units of a time: `45 s`, `2 min 10 s`, `3 h 05 min`, `2 d 04 h`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown" }
    if seconds < 9.95, seconds != seconds.rounded() { return decimal(seconds, digits: 1) + " s" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(two(whole % 60)) s"
    case ..<86400: return "\(whole / 3600) h \(two(whole % 3600 / 60)) min"
    default: return "\(whole / 86400) d \(two(whole % 86400 / 3600)) h"
    }
  }

  /// A time that is redrawn in place, of a width that seldom changes: `2:10`, `3:05:00`, `26:00:00`.
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = whole / 60 % 60
    return whole < 3600
      ? "\(minutes):\(two(whole % 60))" : "\(whole / 3600):\(two(minutes)):\(two(whole % 60))"
  }

  /// Bytes in binary units: `512 B`, `1.5 MiB`, `24 GiB`.
  package static func bytes(_ value: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    var amount = Double(value)
    var unit = 0
    while abs(amount) >= 1023.5, unit < units.count - 1 {
      amount /= 1024
      unit += 1
    }
    let digits = unit == 0 || abs(amount) >= 9.95 ? 0 : 1
    return "\(decimal(amount, digits: digits)) \(units[unit])"
  }
}
