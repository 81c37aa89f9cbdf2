/// What can go wrong in this room: what was wrong, where, and what to do about it.
public enum WordsError: Error, Equatable, CustomStringConvertible {
  /// A file could not be read or written.
  case file(path: String, reason: String)
  /// A line of a merges file breaks a rule of the format.
  case merges(path: String, line: Int, reason: String)
  /// A `tokenizer.json` is not one, or contradicts itself.
  case tokenizer(reason: String)
  /// A setting is outside its range.
  case setting(name: String, value: String, allowed: String)
  /// WordNet's folder lacks a file, or a file of it is damaged.
  case wordNet(folder: String, reason: String)

  /// The message for people.
  public var description: String {
    switch self {
    case .file(let path, let reason):
      "\(path): \(reason)"
    case .merges(let path, let line, let reason):
      "\(path), line \(line): \(reason). Expected are CLIP's merges: a header line with "
        + "'#version', then one pair of symbols a line, each symbol made by an earlier line."
    case .tokenizer(let reason):
      "The tokenizer cannot be used: \(reason). Train it again, or take the file from the same "
        + "model folder."
    case .setting(let name, let value, let allowed):
      "The setting \(name) is \(value), but must be \(allowed)."
    case .wordNet(let folder, let reason):
      "No WordNet in \(folder): \(reason). Install it with 'apt-get install wordnet-base'."
    }
  }
}
