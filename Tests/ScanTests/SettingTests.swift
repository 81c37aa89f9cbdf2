import AuditKit
import Foundation
import Testing

@Suite struct SettingTests {
  /// The default configuration as JSON has it, flattened.
  private static func leaves(of value: SettingValue, prefix: String = "") -> [String: SettingValue]
  {
    guard case .object(let members) = value, !members.isEmpty else { return [prefix: value] }
    return members.reduce(into: [:]) { result, member in
      let name = prefix.isEmpty ? member.key : "\(prefix).\(member.key)"
      result.merge(leaves(of: member.value, prefix: name)) { first, _ in first }
    }
  }

  private static func defaults() throws -> [String: SettingValue] {
    let data = try JSONEncoder().encode(ScanConfiguration())
    return leaves(of: try JSONDecoder().decode(SettingValue.self, from: data))
      .filter { $0.value != .object([:]) }
  }

  @Test("every value of the configuration has a row in the table")
  func complete() throws {
    let missing = Set(try Self.defaults().keys).subtracting(Setting.all.map(\.name))
    #expect(missing.isEmpty, "without help: \(missing.sorted())")
  }

  @Test("every row stands for a value of the configuration, once")
  func current() throws {
    let names = Setting.all.map(\.name)
    #expect(Set(names).count == names.count)
    // A nil default is not encoded; such a row is held by the test that sets it.
    let stale = Set(names).subtracting(try Self.defaults().keys)
    for name in stale {
      guard case .optional? = Setting.named(name)?.kind else {
        Issue.record("\(name) is no value of the configuration")
        continue
      }
    }
  }

  @Test("every row has help that ends as a sentence", arguments: Setting.all.map(\.name))
  func help(name: String) throws {
    let setting = try #require(Setting.named(name))
    #expect(setting.help.count >= 20)
    #expect(setting.help.hasSuffix("."))
  }

  @Test("the default of a setting is a value it takes", arguments: Setting.all.map(\.name))
  func defaultIsAccepted(name: String) throws {
    let setting = try #require(Setting.named(name))
    var document = ConfigurationDocument()
    try document.set(name, to: setting.defaultValue, origin: "test")
    _ = try document.decoded()
  }

  @Test(
    "a setting takes fractions in the table just where its type does",
    arguments: Setting.all.map(\.name))
  func kindsAgreeWithTypes(name: String) throws {
    let setting = try #require(Setting.named(name))
    let document = ConfigurationDocument()
    for alternatives in Self.examples(of: setting.kind) {
      // Some values must stand in an order with others, such as a minimum below its maximum.
      let reached = alternatives.contains { value in
        (try? Self.decoded(document, setting: name, to: value)) == value
      }
      #expect(reached, "\(name) does not reach the configuration as any of \(alternatives)")
    }
  }

  /// What the configuration holds when one setting was set.
  private static func decoded(
    _ document: ConfigurationDocument, setting name: String, to value: SettingValue
  ) throws -> SettingValue? {
    var document = document
    try document.set(name, to: value, origin: "test")
    if let partner = partner(of: name) { try document.set(partner, to: value, origin: "test") }
    let data = try JSONEncoder().encode(try document.decoded())
    return leaves(of: try JSONDecoder().decode(SettingValue.self, from: data))[name]
  }

  /// The maximum of a minimum and the reverse: both are set, since they must stand in order.
  private static func partner(of name: String) -> String? {
    for (end, other) in [("Minimum", "Maximum"), ("Maximum", "Minimum")]
    where name.hasSuffix(end) {
      let partner = name.dropLast(end.count) + other
      if Setting.named(String(partner)) != nil { return String(partner) }
    }
    return nil
  }

  /// Values that only a type of this kind takes.
  private static func examples(of kind: SettingKind) -> [[SettingValue]] {
    switch kind {
    case .flag: [[.flag(true)], [.flag(false)]]
    case .seed: [[.large(.max)], [.whole(3)]]
    case .whole(let least, let most): [[.whole(most ?? least + 1)], [.whole(least)]]
    case .number(let least, let most):
      [[.number((least + min(most ?? .infinity, least + 1)) / 2), .number(least + 1.5)]]
    case .choice(let words): words.map { [.text($0)] }
    case .text: [[.text("x")]]
    case .optional(let kind): examples(of: kind)
    }
  }
}
