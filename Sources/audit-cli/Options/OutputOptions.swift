import ArgumentParser
import Foundation

/// How a command prints what it found.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print one JSON document instead of text.")
  var json = false

  /// Prints `value` as JSON: keys sorted, dates as ISO 8601, so that outputs can be compared.
  static func printJSON(_ value: some Encodable) throws {
    print(try jsonText(value))
  }

  /// The document that `--json` prints.
  static func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
