/// Why pairs could not be written as shards.
public enum ShardExportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder is there and holds something, and may not be replaced.
  case folderHasFiles(path: String, name: String)
  /// The folder may be replaced, but holds something that no export wrote.
  case folderHasOtherFiles(path: String, name: String)
  /// Replacing the folder would remove what the export reads.
  case folderHoldsSource(path: String, source: String)
  /// Something else has the folder's name.
  case notAFolder(path: String)
  /// A file of the crawl cannot be read (any more); `reason` says why.
  case unreadable(source: String, key: String, reason: String)
  /// A file of the crawl holds something else than when the run read it.
  case changed(source: String, key: String, reason: String)

  /// What was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .folderHasFiles(let path, let name):
      """
      The folder \(path) is not empty: it holds \(name). Choose another one, or give --overwrite to replace an \
      earlier export.
      """
    case .folderHasOtherFiles(let path, let name):
      """
      The folder \(path) holds \(name), which no export wrote, and replacing the folder would remove it. Choose \
      another folder.
      """
    case .folderHoldsSource(let path, let source):
      "The folder \(path) holds \(source), which is read for this export. Choose another folder."
    case .notAFolder(let path):
      "There is something else than a folder at \(path). Choose another name."
    case .unreadable(let source, let key, let reason):
      """
      \(source) cannot be read for the pair \(key): \(reason). The report names files as the scan was given them: a \
      relative path counts from the folder that the scan was started in. Nothing was written.
      """
    case .changed(let source, let key, let reason):
      """
      \(source) has changed since it was scanned: of the pair \(key), \(reason). What the report says does not hold \
      for it. Scan the crawl again, or put the old file back. Nothing was written.
      """
    }
  }
}
