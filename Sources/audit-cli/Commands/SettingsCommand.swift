import ArgumentParser
import AuditKit

/// `audit-cli settings`: every setting with its default and meaning.
struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "List every setting of a scan with its value and meaning.",
    discussion: """
      The names are the same in a --config file, behind --set and in the report. Settings that \
      you set, whatever the value, stay as they are; some of the others adapt to small crawls, \
      and the report says which and why.

      EXAMPLES:
        audit-cli settings                          all of them
        audit-cli settings learning                 those that speak of learning
        audit-cli settings --document > scan.json   a file for --config
        audit-cli settings --config scan.json --set training.epochs=12 --json
      """)

  @Argument(
    help: ArgumentHelp("Only settings whose name or help contains this.", valueName: "word"))
  var word: String?

  @Flag(help: "Print the settings as a --config file.")
  var document = false

  @OptionGroup(title: "Configuration") var options: ConfigurationOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if document, output.json {
      throw ValidationError("--document is JSON already; leave out --json.")
    }
    if document, word != nil {
      throw ValidationError("--document prints all settings; leave out the word.")
    }
  }

  func run() throws {
    let values = try options.document()
    if document {
      print(try values.text())
      return
    }
    let settings = Setting.all.filter { setting in
      guard let word = word?.lowercased() else { return true }
      return setting.name.lowercased().contains(word) || setting.help.lowercased().contains(word)
    }
    if output.json {
      try OutputOptions.printJSON(settings.map { SettingRow($0, in: values) })
    } else if settings.isEmpty {
      throw CommandFailure(
        "No setting has '\(TerminalText.escaped(word ?? ""))' in its name or help.",
        remedy: "'audit-cli settings' lists all.")
    } else {
      let style = TerminalStyle(descriptor: 1)
      for line in SettingsText.lines(settings, values: values, style: style) { print(line) }
    }
  }
}

/// A setting as `--json` prints it.
private struct SettingRow: Encodable {
  var name: String
  var value: SettingValue
  var defaultValue: SettingValue
  var isExplicit: Bool
  var takes: String
  var help: String

  init(_ setting: Setting, in document: ConfigurationDocument) {
    name = setting.name
    value = document.value(of: setting)
    defaultValue = setting.defaultValue
    isExplicit = document.explicitNames.contains(setting.name)
    takes = setting.kind.description
    help = setting.help
  }

  private enum CodingKeys: String, CodingKey {
    case name, value, takes, help
    case defaultValue = "default"
    case isExplicit = "explicit"
  }
}
