/// How a log's lines are written.
public enum LogFormat: String, Codable, CaseIterable, Sendable {
  /// A line for people: time, level, message, what belongs to it.
  case text
  /// A JSON object a line, for programs.
  case json
}
