/// Cleans titles and keywords of the library one by one.
enum OpenClipartText {
  /// The title without `Clipart by Somebody - `, makers in brackets, file endings and numbering.
  static func title(_ metadata: SVGMetadata) -> String {
    var title = metadata.title
    if title.lowercased().hasPrefix("clipart by "), let dash = title.firstRange(of: " - ") {
      title = String(title[dash.upperBound...])
    }
    for ending in [".svg", ".png"] where title.lowercased().hasSuffix(ending) {
      title.removeLast(ending.count)
    }
    if title.hasSuffix(")"), let bracket = title.lastIndex(of: "("), bracket > title.startIndex,
      isMaker(String(title[bracket...]), metadata)
    {
      title = String(title[..<bracket])
    }
    var words = title.split { $0 == " " || $0 == "_" }
    while words.count > 1, let last = words.last, last.first == "0", last.allSatisfy(\.isNumber) {
      words.removeLast()
    }
    title = words.joined(separator: " ")
    return isJunk(title) || isMaker(title, metadata) ? "" : title
  }

  /// Keywords without what the library's own tools left there (`hash(0x8a393fc)`), without names of
  /// makers, each once.
  static func keywords(_ metadata: SVGMetadata) -> [String] {
    var seen: Set<String> = []
    return metadata.keywords.map {
      MarkupText.collapsed($0.replacing("_", with: " ")).lowercased()
    }
    .filter { !isJunk($0) && !isMaker($0, metadata) && seen.insert($0).inserted }
  }

  /// The words of the file's name; nothing where that is its maker's.
  static func name(_ stem: String, _ metadata: SVGMetadata) -> String {
    let words = FileNameWords(stem: stem, creators: metadata.creators).words
    let name = words.joined(separator: " ")
    return isMaker(name, metadata) ? "" : name
  }

  private static let junk: Set = [
    "hash", "clip art", "clipart", "openclipart", "unsorted", "special",
  ]

  private static func isJunk(_ text: String) -> Bool {
    let text = text.lowercased()
    return text.count < 2 || junk.contains(text) || text.hasPrefix("hash(0x")
      || text.hasPrefix("0x") || text.allSatisfy { !$0.isLetter } || text.contains("@")
      || text.contains("://")
  }

  private static func isMaker(_ text: String, _ metadata: SVGMetadata) -> Bool {
    let words = FileNameWords.folded(text).split(separator: "_")
    return !words.isEmpty
      && metadata.creators.contains { creator in
        let names = FileNameWords.folded(creator).split(separator: "_")
        return words.count > 1 && words.allSatisfy(names.contains) || words == names
      }
  }
}
