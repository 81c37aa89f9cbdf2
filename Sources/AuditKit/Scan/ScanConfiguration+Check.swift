extension ScanConfiguration {
  /// Holds every value against the limits of the settings table, for configurations that were made in
  /// code.
  ///
  /// - Throws: ``ConfigurationError`` that names the first setting out of its limits.
  public func check() throws(ConfigurationError) {
    let leaves = try ConfigurationDocument.leaves(of: self)
    var document = ConfigurationDocument()
    for (name, value) in leaves where value != .object([:]) {
      try document.set(name, to: value, origin: "configuration")
    }
  }
}
