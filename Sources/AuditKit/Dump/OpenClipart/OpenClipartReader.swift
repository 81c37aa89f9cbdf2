import AuditFiles

/// Reads the tree of Debian's openclipart packages as a crawl: images from `png`, captions from the
/// metadata of the files of the same names in `svg` (docs/formats.md).
///
/// A pair's key is the image's path from the tree's folder, as in the caption file that
/// `OpenClipartConverter` writes.
package struct OpenClipartReader: CrawlReader {
  /// The folder that holds `png` and `svg`.
  package let root: String

  package init(root: String) { self.root = root }

  package var formatName: String { "openclipart" }

  package func read(_ body: (CrawlRecord) throws -> Void) throws {
    let library = try OpenClipartLibrary(root: root)
    let statistics = OpenClipartStatistics(library.files)
    for rejection in library.rejections { try body(.rejected(rejection)) }
    for file in library.files {
      let caption = OpenClipartCaption(of: file, in: statistics)
      let image = ImageSource(file: Folder.join(root, file.filepath))
      try body(.pair(Pair(key: file.filepath, caption: caption.text, image: image)))
    }
  }
}
