import AuditService
import Foundation
import Logging

/// Writes a line of the log to standard error for each message.
struct LineLog: LogHandler {
  let format: LogFormat
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.notice

  init(format: LogFormat) { self.format = format }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let fields = all.map { (name: $0.key, value: "\($0.value)") }.filter { !$0.value.isEmpty }
      .sorted { $0.name < $1.name }
    let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let line =
      switch format {
      case .text: Self.text(time, event, fields)
      case .json: Self.json(time, event, fields)
      }
    // One write a line, so that lines of several threads do not mix.
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  private static func text(
    _ time: String, _ event: LogEvent, _ fields: [(name: String, value: String)]
  ) -> String {
    let rest = fields.map { " \($0.name)=\(quoted($0.value))" }.joined()
    return "\(time) \(event.level.rawValue) \(event.message)\(rest)"
  }

  private static func json(
    _ time: String, _ event: LogEvent, _ fields: [(name: String, value: String)]
  ) -> String {
    var object = Dictionary(fields.map { ($0.name, $0.value) }) { $1 }
    object["time"] = time
    object["level"] = event.level.rawValue
    object["message"] = "\(event.message)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// In quotes where it would not be told apart from its surroundings, or could steer a terminal.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.value > 0x20 && $0.value < 0x7F && $0 != "\""
    }
    return isPlain ? text : text.debugDescription
  }
}
