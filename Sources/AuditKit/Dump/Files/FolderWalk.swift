import AuditFiles

/// Walks over a folder and the folders in it, names sorted by their bytes: files of a folder first, then its folders.
///
/// Links to folders are not followed, so that no walk goes round in circles or out of the crawl.
struct FolderWalk {
  enum Entry {
    /// A file, or a link to whatever it is, by its path from the root.
    case file(String)
    /// What was passed over, by its path from the root.
    case skipped(String, RecordFault)
    /// A folder's files are told, and its folders follow; by its path from the root.
    case folderEnd(String)
  }

  /// Why the root itself could not be listed.
  private(set) var rootFailure: DumpError?
  private let root: String
  private let maximumDepth: Int
  /// Folders to go into, the next one last.
  private var folders: [(path: String, depth: Int)] = [("", 0)]
  /// The folder whose names are told now; nil between two.
  private var present: (path: String, depth: Int)?
  /// Its names that are still to be looked at: one at a time, for whoever only looks at the first.
  private var names: ArraySlice<String> = []
  /// Its names that are not UTF-8.
  private var unreadableNames: ArraySlice<String> = []
  /// The folders in it that were seen.
  private var below: [String] = []

  init(root: String, maximumDepth: Int = 64) {
    self.root = root
    self.maximumDepth = maximumDepth
  }

  /// The next entry; nil after the last.
  mutating func next() -> Entry? {
    while true {
      guard let present else {
        guard let folder = folders.popLast() else { return nil }
        do throws(DumpError) {
          let listing = try Folder.listing(
            of: folder.path.isEmpty ? root : Folder.join(root, folder.path))
          (names, unreadableNames) = (listing.names[...], listing.unreadable[...])
          self.present = folder
        } catch {
          if folder.path.isEmpty { rootFailure = error }
          return .skipped(folder.path, Self.unreadable("the folder cannot be listed", error))
        }
        continue
      }
      if let name = unreadableNames.popFirst() {
        return .skipped(
          Self.path(name, in: present.path),
          RecordFault(reason: .invalidName, message: "the name is not UTF-8: rename it"))
      }
      guard let name = names.popFirst() else {
        folders += below.reversed().map { ($0, present.depth + 1) }
        (self.present, below) = (nil, [])
        return .folderEnd(present.path)
      }
      if !name.hasPrefix("."), let entry = entry(name, in: present) { return entry }
    }
  }

  /// Nil for a folder, which is kept for later.
  private mutating func entry(_ name: String, in folder: (path: String, depth: Int)) -> Entry? {
    let path = Self.path(name, in: folder.path)
    func skipped(_ message: String, _ reason: RejectionReason = .notAFile) -> Entry {
      .skipped(path, RecordFault(reason: reason, message: message))
    }
    do throws(DumpError) {
      switch try FileStatus(withoutFollowing: Folder.join(root, path)).kind {
      case .folder where folder.depth == maximumDepth:
        return skipped(
          "folders more than \(maximumDepth) deep are not looked into", .unreadableFile)
      case .folder:
        below.append(path)
        return nil
      case .file: return .file(path)
      case .symbolicLink where isFolder(path):
        return skipped("a link to a folder is not followed")
      case .symbolicLink: return .file(path)
      case .other: return skipped("neither file nor folder")
      }
    } catch {
      return .skipped(path, Self.unreadable("it cannot be looked at", error))
    }
  }

  private static func path(_ name: String, in folder: String) -> String {
    folder.isEmpty ? name : "\(folder)/\(name)"
  }

  private func isFolder(_ path: String) -> Bool {
    Folder.isFolder(Folder.join(root, path))
  }

  private static func unreadable(_ what: String, _ error: DumpError) -> RecordFault {
    guard case .unreadable(_, _, let code) = error else {
      return RecordFault(reason: .unreadableFile, message: what)
    }
    return RecordFault(
      reason: .unreadableFile, message: "\(what): \(FileError.words(for: code))")
  }
}
