import AuditFiles

/// The lists in the folders of a folder, as Hugging Face's imagefolder has one for each split: `train/metadata.csv`, or
/// `data/train/metadata.csv`.
struct ListedSplits {
  /// Those that can be read, one in each folder.
  private(set) var lists: [String] = []
  /// Folders and lists that cannot.
  private(set) var faults: [Rejection] = []
  /// Why the first list that cannot be read cannot.
  private(set) var failure: DumpError?
  private let configuration: CrawlConfiguration

  /// Looks into the folders among some names in a folder.
  init(in folder: String, _ names: [String], _ configuration: CrawlConfiguration) {
    self.configuration = configuration
    for name in names where !name.hasPrefix(".") {
      let inside = look(into: Folder.join(folder, name))
      // Where a repository on Hugging Face keeps its splits.
      guard name == "data" else { continue }
      let data = Folder.join(folder, name)
      for split in inside where !split.hasPrefix(".") { _ = look(into: Folder.join(data, split)) }
    }
  }

  /// Takes the list in a folder, if there is one; the names in the folder.
  private mutating func look(into folder: String) -> [String] {
    guard (try? FileStatus(path: folder))?.kind == .folder else { return [] }
    let names: [String]
    do throws(DumpError) {
      names = try Folder.names(in: folder)
    } catch {
      faults.append(Rejection(source: folder, reason: .unreadableFile, message: "\(error)"))
      return []
    }
    var isTaken = false
    for name in names where CrawlPlace.isCaptionFileName(name) {
      let path = Folder.join(folder, name)
      do throws(DumpError) {
        _ = try Crawl.list(path, configuration)
        if isTaken {
          faults.append(
            Rejection(
              source: path, reason: .otherFormat, message: "another list of the folder is read"))
        } else {
          lists.append(path)
          isTaken = true
        }
      } catch {
        failure = failure ?? error
        faults.append(Rejection(source: path, reason: error.listReason, message: "\(error)"))
      }
    }
    return names
  }
}

extension DumpError {
  /// The code under which a list that cannot be read stands among the rejections.
  fileprivate var listReason: RejectionReason {
    switch self {
    case .notFound, .unreadable: .unreadableFile
    default: .malformedRow
    }
  }
}
