import Foundation

/// Why an attack cannot be planted.
public enum LabError: Error, Sendable, Equatable {
  /// The crawl has fewer pairs of the kind than the attack takes away.
  case tooFewPairs(needed: Int, found: Int, what: String)
  /// No class of the crawl can be attacked with, or not the one asked for.
  case noSuchClass(name: String?, known: [String])
  /// There is nothing to tell the attacked class from.
  case tooFewClasses(found: [String])
  /// The file of labels cannot be used.
  case unusableLabels(path: String, reason: String)
  /// A setting that makes no sense.
  case invalidSetting(name: String, value: String, expected: String)
  /// Something lies where the poisoned crawl should go.
  case outputExists(path: String)
  /// The lab's database cannot be used.
  case unusableDatabase(path: String, reason: String)
  /// A model that the lab was given cannot be used.
  case unusableModel(path: String, reason: String)
  /// A figure cannot be drawn.
  case undrawable(path: String, reason: String)
  /// An image that the attack needs cannot be read.
  case unreadableImage(key: String, reason: String)
}

extension LabError: CustomStringConvertible, LocalizedError {
  /// What was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .tooFewPairs(let needed, let found, let what):
      "the attack needs \(needed) \(what), and the crawl has \(found): plant or hold out fewer"
    case .noSuchClass(let name, let known):
      Self.noClass(name, known)
    case .tooFewClasses(let found):
      """
      attack success is measured by telling classes apart, and there \
      \(found.isEmpty ? "is none" : "is only '\(found.joined(separator: ", "))'"): name more words that captions \
      contain, or give labels
      """
    case .unusableLabels(let path, let reason):
      "the labels in '\(path)' cannot be used: \(reason)"
    case .invalidSetting(let name, let value, let expected):
      "\(name) is '\(value)', but must be \(expected)"
    case .outputExists(let path):
      "there is something at '\(path)' already: name a folder that does not exist"
    case .unusableDatabase(let path, let reason):
      "the lab's database '\(path)' cannot be used: \(reason)"
    case .unusableModel(let path, let reason):
      "the model in '\(path)' cannot be used: \(reason)"
    case .undrawable(let path, let reason):
      "the figure '\(path)' cannot be drawn: \(reason)"
    case .unreadableImage(let key, let reason):
      "the image of '\(key)' cannot be poisoned: \(reason)"
    }
  }

  /// The description, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }

  private static func noClass(_ name: String?, _ known: [String]) -> String {
    let list =
      known.isEmpty
      ? "none: give labels, or words that captions contain"
      : known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", ..." : "")
    let problem =
      name.map { "the crawl has no class '\($0)'" }
      ?? "the crawl has no other class with 0.5 to 5 % of the pairs"
    return "\(problem). It has \(list)"
  }
}
