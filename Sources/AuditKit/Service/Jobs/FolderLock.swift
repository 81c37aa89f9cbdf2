import Foundation

/// Sees to it that one service at a time has a report folder.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock, or says who has it.
  ///
  /// - Throws: `JobError`.
  init(folder: String) throws {
    let path = "\(folder)/\(JobStore.name).lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw JobError.cannotLock(path: path, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      close(descriptor)
      throw JobError.folderInUse(
        path: folder, process: holder.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }
}
