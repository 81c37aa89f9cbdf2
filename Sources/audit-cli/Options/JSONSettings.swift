import Foundation

/// Settings from a JSON file, with messages that name file and place.
enum JSONSettings {
  static func read<Settings: Decodable>(
    _ type: Settings.Type, from path: String
  ) throws -> Settings {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(
        "\(path): there is no such file, or it cannot be read.", remedy: "Check the path.")
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let DecodingError.dataCorrupted(context) {
      throw CommandFailure("\(path): \(context.debugDescription)")
    } catch let DecodingError.typeMismatch(_, context) {
      throw CommandFailure("\(path): \(place(context.codingPath)): \(context.debugDescription)")
    } catch let DecodingError.keyNotFound(key, context) {
      let name = place(context.codingPath + [key])
      throw CommandFailure("\(path): \(name) is missing.")
    } catch let DecodingError.valueNotFound(_, context) {
      throw CommandFailure("\(path): \(place(context.codingPath)) must have a value.")
    }
  }

  private static func place(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }
}
