import AuditDump
import AuditFiles
import Foundation

/// Which classes the pairs of a crawl belong to.
///
/// A class is a word that captions contain, or a label that a file gives to keys. Only classes with
/// 0.5 to 5 % of the pairs are drawn to attack with: smaller ones have too few captions, larger ones are no
/// target. One that is asked for by name may have any size.
package struct CaptionClasses: Sendable {
  /// Classes of a size to be attacked with, in alphabetical order.
  package let names: [String]
  /// Classes to measure with, in alphabetical order: all of those asked for, or else `names`.
  package let measuredNames: [String]
  /// Classes that were asked for and that no pair belongs to, in alphabetical order.
  package let missingNames: [String]
  /// Of all classes, of whatever size.
  private let members: [String: [Int]]
  private let classesOfPairs: [Set<String>]
  /// Whether classes are words of captions, and not labels.
  private let areWords: Bool

  static let sizes = 0.005...0.05

  /// Words as classes, compared in lower case: those of `words`, or where it is empty all but the most common English
  /// ones, and `attacked`.
  package init(captions: [String], words: Set<String> = [], attacked: String? = nil) {
    let allowed = Set(words.map { $0.lowercased() })
    let dropped = Self.commonWords.subtracting(allowed).subtracting([attacked?.lowercased() ?? ""])
    self.init(
      captions.map { Self.words(of: $0, without: dropped) }, allowed: allowed, areWords: true)
  }

  /// Labels as classes, nil for pairs without one: those of `allowed`, or all where it is empty.
  package init(labels: [String?], allowed: Set<String> = []) {
    self.init(labels.map { Set([$0].compactMap(\.self)) }, allowed: allowed, areWords: false)
  }

  private init(_ classesOfPairs: [Set<String>], allowed: Set<String>, areWords: Bool) {
    self.classesOfPairs = classesOfPairs
    self.areWords = areWords
    var members: [String: [Int]] = [:]
    for (pair, classes) in classesOfPairs.enumerated() {
      for name in classes where allowed.isEmpty || allowed.contains(name) {
        members[name, default: []].append(pair)
      }
    }
    let total = Double(max(1, classesOfPairs.count))
    self.members = members
    names = members.filter { Self.sizes.contains(Double($0.value.count) / total) }.keys.sorted()
    measuredNames = allowed.isEmpty ? names : members.keys.sorted()
    missingNames = allowed.filter { members[$0] == nil }.sorted()
  }

  /// The pairs of a class, ascending.
  package func pairs(of name: String) -> [Int] { members[name] ?? [] }

  /// Whether a pair belongs to a class.
  package func contains(_ pair: Int, in name: String) -> Bool {
    classesOfPairs[pair].contains(name)
  }

  /// For each pair the only class of `measured` that it belongs to; nil where it has none or several.
  package func soleClasses(of measured: Set<String>) -> [String?] {
    classesOfPairs.map { classes in
      let own = classes.intersection(measured)
      return own.count == 1 ? own.first : nil
    }
  }

  /// A class's name as captions have it: words are compared in lower case.
  package func known(_ name: String) -> String { areWords ? name.lowercased() : name }

  /// The only class of `measured` that a caption names which was made for `className`; a label's caption has that label.
  package func soleClass(
    ofCaption caption: String, madeFor className: String, measured: Set<String>
  ) -> String? {
    guard areWords else { return className }
    let own = Self.words(of: caption).intersection(measured)
    return own.count == 1 ? own.first : nil
  }

  /// Words of three letters and more, in lower case.
  private static func words(
    of caption: String, without dropped: Set<String> = []
  ) -> Set<String> {
    Set(
      caption.lowercased().split { !$0.isLetter }.map(String.init)
        .filter { $0.count >= 3 && !dropped.contains($0) })
  }

  /// Words that name no class unless they are asked for.
  private static let commonWords: Set<String> = Set(
    """
    the and with for from his her its their this that these those into onto over under out off \
    some other another one two three four five being are was were has have had who which while \
    near behind front along around through against between next top down two all not but you
    """.split(separator: " ").map(String.init))
}

extension CaptionClasses {
  /// Labels of `keys` from a file of lines "key, tab, label", those of `allowed` or all where it is empty;
  /// further columns are left alone.
  ///
  /// - Throws: `LabError.unusableLabels` where it cannot be read or names none of the keys.
  package init(
    labelFile path: String, keys: [String], allowed: Set<String> = []
  ) throws(LabError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unusableLabels(path: path, reason: "it cannot be read")
    }
    var labels: [Substring: Substring] = [:]
    let text = String(decoding: data, as: UTF8.self)
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      if fields.count >= 2, !fields[1].isEmpty { labels[fields[0]] = fields[1] }
    }
    let own = keys.map { labels[Substring($0)].map(String.init) }
    guard own.contains(where: { $0 != nil }) else {
      throw .unusableLabels(path: path, reason: "no line begins with a key of the crawl and a tab")
    }
    self.init(labels: own, allowed: allowed)
  }
}
