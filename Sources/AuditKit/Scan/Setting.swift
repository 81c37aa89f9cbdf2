import AuditSettings

/// A name, its default and its meaning: what `audit-cli settings`, `--set`, `--config` and the
/// documentation all go by.
public struct Setting: Sendable {
  /// Dotted, as the JSON file nests it: `training.batchSize`.
  public let name: String
  /// What it takes.
  public let kind: SettingKind
  /// What it does, in a sentence or two, with its unit.
  public let help: String
  /// What holds where nothing is set.
  public let defaultValue: SettingValue

  /// All settings, grouped, in the order of the documentation.
  public static let all: [Setting] = {
    let defaults = defaultLeaves()
    return (scanHelp + crawlHelp + trainingHelp + imageHelp + textHelp).map { entry in
      Setting(
        name: entry.name, kind: entry.kind, help: entry.help,
        defaultValue: defaults[entry.name] ?? .null)
    }
  }()

  /// A row of the tables that the other files hold.
  typealias Help = (name: String, kind: SettingKind, help: String)

  /// The setting of this name.
  public static func named(_ name: String) -> Setting? { byName[name] }

  /// The setting whose name is most like `name`, its last part alone counting as well; nil where
  /// none is near.
  public static func nearest(to name: String) -> Setting? {
    Spelling.nearest(to: name, among: all.map(\.name)).flatMap(named)
  }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The default configuration as leaves; what encodes to nothing (an optional) is left out.
  static func defaultLeaves() -> [String: SettingValue] {
    (try? ConfigurationDocument.leaves(of: ScanConfiguration())) ?? [:]
  }
}
