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
  /// What the present folder holds, the next one last.
  private var entries: [Entry] = []

  init(root: String, maximumDepth: Int = 64) {
    self.root = root
    self.maximumDepth = maximumDepth
  }

  /// The next entry; nil after the last.
  mutating func next() -> Entry? {
    while entries.isEmpty {
      guard let folder = folders.popLast() else { return nil }
      list(folder.path, folder.depth)
    }
    return entries.popLast()
  }

  private mutating func list(_ folder: String, _ depth: Int) {
    let names: [String]
    do throws(DumpError) {
      names = try Folder.names(in: folder.isEmpty ? root : Folder.join(root, folder))
    } catch {
      if folder.isEmpty { rootFailure = error }
      entries = [.skipped(folder, Self.unreadable("the folder cannot be listed", error))]
      return
    }
    var (found, below): ([Entry], [String]) = ([], [])
    for name in names where !name.hasPrefix(".") {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      do throws(DumpError) {
        let status = try FileStatus(withoutFollowing: Folder.join(root, path))
        switch status.kind {
        case .folder: below.append(path)
        case .file: found.append(.file(path))
        case .symbolicLink where isFolder(path):
          let message = "a link to a folder is not followed"
          found.append(.skipped(path, RecordFault(reason: .notAFile, message: message)))
        case .symbolicLink: found.append(.file(path))
        case .other:
          let message = "neither file nor folder"
          found.append(.skipped(path, RecordFault(reason: .notAFile, message: message)))
        }
      } catch {
        found.append(.skipped(path, Self.unreadable("it cannot be looked at", error)))
      }
    }
    entries = (found + [.folderEnd(folder)]).reversed()
    if depth < maximumDepth { folders += below.reversed().map { ($0, depth + 1) } }
  }

  private func isFolder(_ path: String) -> Bool {
    (try? FileStatus(path: Folder.join(root, path)))?.kind == .folder
  }

  private static func unreadable(_ what: String, _ error: DumpError) -> RecordFault {
    guard case .unreadable(_, _, let code) = error else {
      return RecordFault(reason: .unreadableFile, message: what)
    }
    return RecordFault(
      reason: .unreadableFile, message: "\(what): \(FileError.words(for: code))")
  }
}
