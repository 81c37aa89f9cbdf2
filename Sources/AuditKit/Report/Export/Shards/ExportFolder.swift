import AuditDump
import AuditFiles
import Foundation

/// The folder that an export fills: new, empty, or an earlier export that may be replaced.
enum ExportFolder {
  /// Refuses a folder whose contents would be lost.
  ///
  /// - Throws: `ShardExportError.notAFolder`, `.folderHasFiles`, `.folderHasOtherFiles`.
  static func check(_ path: String, replaces: Bool) throws(ShardExportError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue,
      let names = try? FileManager.default.contentsOfDirectory(atPath: path).sorted()
    else { throw .notAFolder(path: path) }
    guard replaces else {
      if let name = names.first { throw .folderHasFiles(path: path, name: name) }
      return
    }
    if let name = names.first(where: { !isOfAnExport($0) }) {
      throw .folderHasOtherFiles(path: path, name: name)
    }
  }

  /// Whether a file lies in the folder or below it, links resolved.
  static func holds(_ folder: String, _ file: String) -> Bool {
    guard let folder = Folder.resolved(folder), let file = Folder.resolved(file) else {
      return false
    }
    return file.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
  }

  /// `00000.tar`, `00000_stats.json`.
  private static func isOfAnExport(_ name: String) -> Bool {
    let rest = name.drop { $0.isASCII && $0.isNumber }
    return name.utf8.count - rest.utf8.count >= 5 && [".tar", "_stats.json"].contains(rest)
  }
}
