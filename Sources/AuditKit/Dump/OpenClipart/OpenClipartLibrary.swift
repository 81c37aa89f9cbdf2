import AuditFiles
import Foundation

/// The files that Debian's packages openclipart-png and openclipart-svg install.
struct OpenClipartLibrary {
  let root: String
  let files: [OpenClipartFile]
  let rejections: [Rejection]

  /// Metadata of an SVG file lies in its first kilobytes; longer files are read to this size.
  private static let maximumSVGBytes = 1 << 22
  private static let firstBytes = 1 << 14
  private static let maximumDepth = 32

  /// Reads the metadata of every image.
  ///
  /// - Throws: `DumpError` where the folder `png` cannot be listed.
  init(root: String) throws(DumpError) {
    self.root = root
    guard var paths = ConfinedPaths(root: root) else { throw .notFound(path: root) }
    var files: [OpenClipartFile] = []
    var rejections: [Rejection] = []
    for filepath in try Self.images(in: root, "png", depth: 0, &rejections) {
      do throws(RecordFault) {
        _ = try paths.file(filepath)
        let metadata = Self.metadata(of: filepath, &paths)
        files.append(OpenClipartFile(filepath: filepath, metadata: metadata))
      } catch {
        rejections.append(error.rejection(of: Folder.join(root, filepath), at: nil))
      }
    }
    self.files = files
    self.rejections = rejections
  }

  /// PNG files below a folder, sorted by the bytes of their names, folder by folder.
  ///
  /// Links to folders are not followed.
  private static func images(
    in root: String, _ folder: String, depth: Int, _ rejections: inout [Rejection]
  ) throws(DumpError) -> [String] {
    var found: [String] = []
    for name in try Folder.names(in: Folder.join(root, folder)) {
      let path = Folder.join(folder, name)
      if name.lowercased().hasSuffix(".png") {
        found.append(path)
      } else if depth < maximumDepth,
        let status = try? FileStatus(withoutFollowing: Folder.join(root, path)),
        status.kind == .folder
      {
        do {
          found += try images(in: root, path, depth: depth + 1, &rejections)
        } catch {
          rejections.append(
            Rejection(
              source: Folder.join(root, path), reason: .unreadableFile,
              message: error.description))
        }
      }
    }
    return found
  }

  /// What the SVG file of an image says; nothing where there is none.
  private static func metadata(of filepath: String, _ paths: inout ConfinedPaths) -> SVGMetadata {
    let svg = "svg" + filepath.dropFirst(3).dropLast(4) + ".svg"
    guard let path = try? paths.file(svg), let file = try? PositionedFile(path: path),
      var bytes = try? file.read(at: 0, count: firstBytes)
    else { return SVGMetadata() }
    if file.byteCount > Int64(firstBytes),
      String(decoding: bytes, as: UTF8.self).contains("</metadata>") == false,
      let more = try? file.read(at: 0, count: min(Int(file.byteCount), maximumSVGBytes))
    {
      bytes = more
    }
    return SVGMetadata(bytes)
  }
}
