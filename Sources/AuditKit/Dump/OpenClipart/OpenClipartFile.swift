/// One image of the library with what is known about it.
struct OpenClipartFile {
  /// From the library's folder: `png/animals/dog.png`.
  let filepath: String
  let metadata: SVGMetadata

  /// The folders between `png` and the file, outermost first.
  var categories: [String] {
    filepath.split(separator: "/").dropFirst().dropLast().map(String.init)
  }

  /// The file's name without `.png`.
  var stem: String { String(Folder.name(of: filepath).dropLast(4)) }

  var nameWords: [String] {
    FileNameWords(stem: stem, creators: metadata.creators).words
  }
}
