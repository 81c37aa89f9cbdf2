import AuditFiles

/// Writes a caption file for the tree of Debian's openclipart packages.
///
/// Images are not copied: the file's paths start at the tree's folder, so it is read with that
/// folder as `imageRoot`.
package struct OpenClipartConverter {
  /// Where the captions' first words came from.
  package struct Summary: Codable, Sendable, Equatable {
    /// All rows.
    package var pairs = 0
    /// Rows that start with the title.
    package var fromTitle = 0
    /// Rows without a title of their own: words of the file's name and keywords.
    package var fromKeywords = 0
    /// Rows with words from the path only.
    package var fromPath = 0
    /// Images that are no pair.
    package var rejections: [Rejection] = []

    fileprivate mutating func count(_ origin: OpenClipartCaption.Origin) {
      pairs += 1
      switch origin {
      case .title: fromTitle += 1
      case .keywords: fromKeywords += 1
      case .path: fromPath += 1
      }
    }
  }

  /// The folder that holds `png` and `svg`.
  package let root: String

  package init(root: String = "/usr/share/openclipart") { self.root = root }

  /// Writes the rows `filepath`, `title`, tab-separated, in the order of the paths.
  ///
  /// - Parameter path: Where the file appears when it is complete.
  /// - Returns: How the captions came about.
  /// - Throws: `DumpError` when the tree cannot be read or the file cannot be written.
  package func write(to path: String) throws(DumpError) -> Summary {
    let library = try OpenClipartLibrary(root: root)
    let statistics = OpenClipartStatistics(library.files)
    var summary = Summary(rejections: library.rejections)
    do throws(FileError) {
      var file = try AtomicFile(path: path)
      try file.append("filepath\ttitle\n".utf8)
      for image in library.files {
        let caption = OpenClipartCaption(of: image, in: statistics)
        summary.count(caption.origin)
        let row = [image.filepath, caption.text].map(Self.field).joined(separator: "\t")
        try file.append("\(row)\n".utf8)
      }
      try file.finish()
    } catch {
      throw DumpError(error)
    }
    return summary
  }

  /// A field as the reader of tab-separated files gives it back.
  private static func field(_ text: String) -> String {
    let text = text.replacing("\t", with: " ").replacing("\n", with: " ")
    return text.hasPrefix("\"") ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
