import AuditFiles
import Foundation

/// Finds files below a folder, and only there: neither `..` nor an absolute path nor a symbolic link
/// leads out of it.
struct ConfinedPaths {
  /// The folder as it was given; found paths start with it.
  let root: String
  /// The folder that nothing may lead out of, as it was given.
  private let confines: String
  /// The same without symbolic links.
  private let realRoot: String
  /// Folders that were looked at: whether they lie inside, nil where there is none.
  private var folders: [String: Bool?] = [:]

  /// What a file is to be, for messages.
  enum Purpose: String {
    case image
    /// A file with a caption or metadata.
    case caption
  }

  /// Nil where there is no such folder.
  ///
  /// - Parameters:
  ///   - root: Where relative paths start.
  ///   - confines: What no path may leave; nil takes the root.
  init?(root: String, confines: String? = nil) {
    guard let realRoot = Folder.resolved(confines ?? root) else { return nil }
    self.root = root
    self.confines = confines ?? root
    self.realRoot = realRoot
  }

  /// The path to open for a name that a crawl gives, after a look at the file.
  mutating func file(_ name: String, as purpose: Purpose = .image) throws(RecordFault) -> String {
    guard !name.isEmpty else {
      throw RecordFault(reason: .missingImage, message: "the row names no image")
    }
    guard !name.utf8.contains(0) else {
      throw RecordFault(reason: .invalidName, message: "the image's path holds NUL bytes")
    }
    let outside = outside(purpose)
    guard let relative = relativePath(name), !climbs(relative) else { throw outside }
    let path = Folder.join(root, relative)
    guard let isInside = isFolderInside(Folder.parent(of: path)) else {
      throw RecordFault(reason: .missingImage, message: "the image's folder is not there")
    }
    guard isInside else { throw outside }
    try look(at: path, purpose)
    return path
  }

  private func outside(_ purpose: Purpose) -> RecordFault {
    RecordFault(
      reason: .pathOutsideCrawl,
      message: "the \(purpose.rawValue)'s path leaves '\(confines)' (setting imageRoot)")
  }

  private func relativePath(_ name: String) -> String? {
    guard name.hasPrefix("/") else { return name }
    for base in [root, realRoot] where base.hasPrefix("/") {
      let start = base.hasSuffix("/") ? base : base + "/"
      if name.hasPrefix(start) { return String(name.dropFirst(start.count)) }
    }
    return nil
  }

  /// Whether the path's `..` go above its start.
  private func climbs(_ path: String) -> Bool {
    var depth = 0
    for component in path.split(separator: "/") where component != "." {
      depth += component == ".." ? -1 : 1
      if depth < 0 { return true }
    }
    return false
  }

  private mutating func isFolderInside(_ folder: String) -> Bool? {
    if let known = folders[folder] { return known }
    let inside = Folder.resolved(folder).map(isInside)
    folders[folder] = .some(inside)
    return inside
  }

  private func isInside(_ resolved: String) -> Bool {
    resolved == realRoot || realRoot == "/" || resolved.hasPrefix(realRoot + "/")
  }

  private func look(at path: String, _ purpose: Purpose) throws(RecordFault) {
    do {
      var status = try FileStatus(withoutFollowing: path)
      if status.kind == .symbolicLink {
        guard let target = Folder.resolved(path) else {
          throw DumpError.unreadable(path: path, operation: "follow", code: errno)
        }
        guard isInside(target) else { throw outside(purpose) }
        status = try FileStatus(path: path)
      }
      guard status.kind == .file else {
        throw RecordFault(
          reason: .notAFile, message: "the \(purpose.rawValue)'s path names no file")
      }
      // A caption of no bytes is told where it is read.
      guard status.byteCount > 0 || purpose == .caption else {
        throw RecordFault(reason: .emptyImage, message: "the image has no bytes")
      }
    } catch let fault as RecordFault {
      throw fault
    } catch DumpError.unreadable(_, _, let code) where code != ENOENT {
      throw RecordFault(
        reason: .unreadableFile,
        message: "the \(purpose.rawValue) cannot be looked at: \(FileError.words(for: code))")
    } catch {
      throw RecordFault(
        reason: purpose == .image ? .missingImage : .missingCaption,
        message: "the \(purpose.rawValue) is not there")
    }
  }
}
