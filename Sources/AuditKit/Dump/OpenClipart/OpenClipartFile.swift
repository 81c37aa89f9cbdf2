import AuditFiles

/// One image of the library with what is known about it.
struct OpenClipartFile {
  /// From the library's folder: `png/animals/dog.png`.
  let filepath: String
  /// Its title, cleaned; empty where it has none.
  let title: String
  /// Its keywords, cleaned.
  let keywords: [String]
  /// The words of its own name; empty where that is its maker's.
  let name: String

  init(filepath: String, metadata: SVGMetadata) {
    self.filepath = filepath
    title = OpenClipartText.title(metadata)
    keywords = OpenClipartText.keywords(metadata)
    name = OpenClipartText.name(Self.stem(of: filepath), metadata)
  }

  /// The folders between `png` and the file, outermost first.
  var categories: [String] {
    filepath.split(separator: "/").dropFirst().dropLast().map(String.init)
  }

  /// The file's name without `.png`.
  var stem: String { Self.stem(of: filepath) }

  private static func stem(of filepath: String) -> String {
    String(Folder.name(of: filepath).dropLast(4))
  }
}
