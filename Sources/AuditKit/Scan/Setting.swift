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

  /// The setting whose name is most like `name`: by edit distance, its last part alone counting as
  /// well, since people leave out the group.
  ///
  /// Nil where none is near.
  public static func nearest(to name: String) -> Setting? {
    let typed = name.lowercased()
    let ranked = all.map { setting in
      let full = setting.name.lowercased()
      let last = full.split(separator: ".").last.map(String.init) ?? full
      return (setting, min(editDistance(typed, full), editDistance(typed, last)))
    }
    guard let best = ranked.min(by: { $0.1 < $1.1 }) else { return nil }
    return best.1 <= max(2, typed.count / 3) ? best.0 : nil
  }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The default configuration as leaves; what encodes to nothing (an optional) is left out.
  static func defaultLeaves() -> [String: SettingValue] {
    (try? ConfigurationDocument.leaves(of: ScanConfiguration())) ?? [:]
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (Damerau, 1964; the restricted form).
  private static func editDistance(_ left: String, _ right: String) -> Int {
    let a = Array(left)
    let b = Array(right)
    var older = [Int](repeating: 0, count: b.count + 1)
    var old = Array(0...b.count)
    for i in 0..<a.count {
      var new = [i + 1] + [Int](repeating: 0, count: b.count)
      for j in 0..<b.count {
        new[j + 1] = min(old[j + 1] + 1, new[j] + 1, old[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          new[j + 1] = min(new[j + 1], older[j - 1] + 1)
        }
      }
      older = old
      old = new
    }
    return old[b.count]
  }
}
