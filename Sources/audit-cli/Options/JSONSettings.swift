import AuditSettings

/// Settings from a JSON file, as commands read them.
enum JSONSettings {
  static func read<Settings: Decodable>(
    _ type: Settings.Type, from path: String
  ) throws(CommandFailure) -> Settings {
    do {
      return try SettingsFile.read(type, from: path)
    } catch {
      throw CommandFailure(error.problem, remedy: error.remedy)
    }
  }
}
