/// Why a configuration was refused.
public enum ConfigurationError: Error, Equatable, Sendable {
  /// No setting has this name.
  case unknownSetting(name: String, nearest: String?, origin: String)
  /// A group of settings was given a value of its own.
  case isGroup(name: String, origin: String)
  /// The value is of another kind, or out of range.
  case wrongValue(name: String, value: String, expected: String, origin: String)
  /// `--set` without a name, a `=` or a value.
  case malformedAssignment(String)
  /// The file cannot be read.
  case unreadableFile(path: String, reason: String)
  /// The file is no JSON object.
  case malformedFile(path: String, reason: String)
  /// The values are right one by one, but do not go together.
  case refused(reason: String)
}

extension ConfigurationError: CustomStringConvertible {
  /// What was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .unknownSetting(let name, let nearest?, let origin):
      "\(origin): there is no setting '\(name)'. Did you mean '\(nearest)'?"
    case .unknownSetting(let name, nil, let origin):
      "\(origin): there is no setting '\(name)'. 'audit-cli settings' lists all."
    case .isGroup(let name, let origin):
      "\(origin): '\(name)' is a group of settings; set those below it, such as "
        + "'\(Setting.all.first { $0.name.hasPrefix(name + ".") }?.name ?? name)'."
    case .wrongValue(let name, let value, let expected, let origin):
      "\(origin): '\(name)' takes \(expected), not '\(value)'."
    case .malformedAssignment(let text):
      "--set \(text): expected NAME=VALUE, such as training.batchSize=128."
    case .unreadableFile(let path, let reason):
      "\(path): \(reason) Check the path given to --config."
    case .malformedFile(let path, let reason):
      "\(path): \(reason) Expected a JSON object such as {\"training\": {\"batchSize\": 128}}."
    case .refused(let reason): "configuration: \(reason)"
    }
  }
}
