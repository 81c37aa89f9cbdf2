/// What the whole library tells about single titles and keywords.
struct OpenClipartStatistics {
  /// All images.
  let fileCount: Int
  private var titles: [String: Int] = [:]
  private var titleFamilies: [String: Int] = [:]
  private var keywords: [String: Int] = [:]
  private var names: Set<String> = []

  init(_ files: [OpenClipartFile]) {
    fileCount = files.count
    for file in files {
      titles[file.title, default: 0] += 1
      titleFamilies[Self.withoutDigits(file.title), default: 0] += 1
      for keyword in file.keywords { keywords[keyword, default: 0] += 1 }
      names.insert(FileNameWords.folded(file.stem))
    }
  }

  func titleCount(_ title: String) -> Int { titles[title, default: 0] }

  /// The number of images whose titles differ from this one in digits only: in a date, a number.
  func titleFamilyCount(_ title: String) -> Int {
    titleFamilies[Self.withoutDigits(title), default: 0]
  }

  private static func withoutDigits(_ title: String) -> String { title.filter { !$0.isNumber } }

  func keywordCount(_ keyword: String) -> Int { keywords[keyword, default: 0] }

  /// Whether a title is the name of some file: where a batch was uploaded, all files got the name of
  /// one.
  func namesAFile(_ title: String) -> Bool { names.contains(FileNameWords.folded(title)) }
}
