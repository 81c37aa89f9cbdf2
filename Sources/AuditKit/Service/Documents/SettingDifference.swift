import AuditKit

/// A setting that two runs have otherwise.
struct SettingDifference: Encodable, Sendable {
  var name: String
  var a: SettingValue?
  var b: SettingValue?

  /// The differences between two configurations.
  static func between(_ a: SettingValue?, _ b: SettingValue?) -> [SettingDifference] {
    let (a, b) = (leaves(a), leaves(b))
    return Set(a.keys).union(b.keys).sorted()
      .filter { a[$0] != b[$0] }
      .map { SettingDifference(name: $0, a: a[$0], b: b[$0]) }
  }

  private static func leaves(_ tree: SettingValue?) -> [String: SettingValue] {
    Dictionary((tree?.leaves() ?? []).map { ($0.name, $0.value) }) { $1 }
  }
}
