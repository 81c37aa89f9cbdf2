import Foundation

extension ConfigurationDocument {
  /// The document of a configuration made in code; every setting in it counts as chosen.
  ///
  /// - Throws: ``ConfigurationError`` for a value out of its limits.
  public init(_ configuration: ScanConfiguration) throws {
    self.init()
    try merge(json: try JSONEncoder().encode(configuration), origin: "configuration")
  }

  /// The value of the setting of this name, null where there is none.
  public func value(named name: String) -> SettingValue {
    Setting.named(name).map(value(of:)) ?? .null
  }

  /// `json()` as text.
  public func text() throws -> String { String(decoding: try json(), as: UTF8.self) }
}
