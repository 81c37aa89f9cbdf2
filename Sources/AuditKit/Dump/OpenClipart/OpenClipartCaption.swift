/// The caption of one image: `Title, keyword, keyword, category`.
///
/// Three facts about the library shape it. Many titles name a batch, not an image (`Etiquette
/// Icons` 246 times), or another image of the batch: then the words of the file's own name lead.
/// Keywords come in no order: the rarest, which says most, comes first. Categories are the folders'
/// names, the innermost first; a part that adds no new word is left out.
struct OpenClipartCaption {
  /// Where the first words come from.
  enum Origin: CaseIterable { case title, keywords, path }

  let text: String
  let origin: Origin

  private static let maximumKeywords = 10
  /// A title on that many images is one of a batch, unless it says the same as the file's name.
  private static let batchCount = 3
  /// A title or keyword on more than this share of the library says nothing about an image.
  private static let maximumTitleShare = 0.01
  private static let maximumKeywordShare = 0.5

  init(of file: OpenClipartFile, in library: OpenClipartStatistics) {
    let title = file.title
    let leads = !title.isEmpty && Self.describes(title, name: file.name, library)
    var parts = CaptionParts()
    parts.append(leads ? title : file.name)
    if !leads, !title.isEmpty, !library.namesAFile(title),
      Double(library.titleFamilyCount(title)) <= Self.maximumTitleShare * Double(library.fileCount)
    {
      parts.append(title)
    }
    let keywords = file.keywords
      .map { (text: $0, count: library.keywordCount($0)) }
      .filter {
        $0.count < 20 || Double($0.count) <= Self.maximumKeywordShare * Double(library.fileCount)
      }
      .sorted { ($0.count, $0.text) < ($1.count, $1.text) }
    for keyword in keywords.prefix(Self.maximumKeywords) { parts.append(keyword.text) }
    for category in file.categories.reversed() where !Self.emptyCategories.contains(category) {
      parts.append(category.replacing("_", with: " ").replacing("-", with: " "))
    }
    text = parts.texts.joined(separator: ", ")
    origin = leads ? .title : keywords.isEmpty ? .path : .keywords
  }

  private static let emptyCategories: Set = ["unsorted", "special"]

  /// Whether a title speaks of this image.
  private static func describes(
    _ title: String, name: String, _ library: OpenClipartStatistics
  ) -> Bool {
    if library.titleCount(title) < batchCount { return true }
    let title = FileNameWords.folded(title)
    let name = FileNameWords.folded(name)
    return !name.isEmpty && (title.hasPrefix(name) || name.hasPrefix(title))
  }
}

/// The parts of a caption, each with a word that those before it lack.
private struct CaptionParts {
  private(set) var texts: [String] = []
  private var words: Set<String> = []

  mutating func append(_ text: String) {
    let new = FileNameWords.folded(text).split(separator: "_").map { Self.root(String($0)) }
    guard new.contains(where: { $0 != "and" && !words.contains($0) }) else { return }
    words.formUnion(new)
    texts.append(text)
  }

  /// Without a plural's ending: `flags` adds nothing to `flag`.
  private static func root(_ word: String) -> String {
    word.count > 3 && word.hasSuffix("s") ? String(word.dropLast()) : word
  }
}
