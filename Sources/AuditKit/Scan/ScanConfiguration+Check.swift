import Foundation

extension ScanConfiguration {
  /// Holds every value against the limits of the settings table, for configurations that were made in
  /// code.
  ///
  /// - Throws: ``ConfigurationError`` that names the first setting out of its limits.
  public func check() throws(ConfigurationError) {
    let leaves: [(name: String, value: SettingValue)]
    do {
      let data = try JSONEncoder().encode(self)
      leaves = try JSONDecoder().decode(SettingValue.self, from: data).leaves()
    } catch {
      // JSON has no infinities, so a number that is not finite ends here.
      throw .malformedFile(path: "configuration", reason: "a number is not finite.")
    }
    var document = ConfigurationDocument()
    for (name, value) in leaves where value != .object([:]) {
      try document.set(name, to: value, origin: "configuration")
    }
  }
}
