import Foundation

/// Settings from a JSON file, with errors that name file and place.
package enum SettingsFile {
  /// Reads a file.
  ///
  /// - Throws: `SettingsFileError`.
  package static func read<Settings: Decodable>(
    _ type: Settings.Type, from path: String
  ) throws(SettingsFileError) -> Settings {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SettingsFileError(
        problem: "\(path): there is no such file, or it cannot be read.",
        remedy: "Check the path.")
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw SettingsFileError(problem: "\(path): \(Self.problem(error))", remedy: nil)
    }
  }

  private static func problem(_ error: any Error) -> String {
    switch error {
    case DecodingError.dataCorrupted(let context): context.debugDescription
    case DecodingError.typeMismatch(_, let context):
      "\(place(context.codingPath)): \(context.debugDescription)"
    case DecodingError.keyNotFound(let key, let context):
      "\(place(context.codingPath + [key])) is missing."
    case DecodingError.valueNotFound(_, let context):
      "\(place(context.codingPath)) must have a value."
    default: "\(error)"
    }
  }

  private static func place(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }
}

/// Why a file of settings cannot be used.
package struct SettingsFileError: Error, Sendable {
  /// What is wrong, and where.
  package let problem: String
  /// What to do, where that can be said.
  package let remedy: String?
}
