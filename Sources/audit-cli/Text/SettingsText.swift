import AuditKit

/// The settings as a person reads them: name and value, then the help below.
package enum SettingsText {
  package static func lines(
    _ settings: [Setting], values: ConfigurationDocument, style: TerminalStyle
  ) -> [String] {
    settings.flatMap { setting in
      let value = values.value(of: setting)
      var head = "\(setting.name) = \(TerminalText.escaped(value.description))"
      if value != setting.defaultValue { head += "  (default: \(setting.defaultValue))" }
      let help = "\(setting.help) Takes \(setting.kind.description)."
      return [style.colored(head, .bold)]
        + TerminalText.wrapped(help, width: min(style.width, 100) - 4).map { "    " + $0 }
    }
  }
}
