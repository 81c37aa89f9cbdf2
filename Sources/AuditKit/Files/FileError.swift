import Foundation

/// The system refused to do something to a file or folder.
package struct FileError: Error, Hashable, Sendable {
  /// What was to be done, a verb: `create`, `write`, `name`.
  package let operation: String
  /// The file or folder as the caller named it.
  package let path: String
  /// The system's errno.
  package let code: Int32

  package init(_ operation: String, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }
}

extension FileError: CustomStringConvertible, LocalizedError {
  /// What was wrong, where, and what to do.
  package var description: String { "cannot \(operation) '\(path)': \(cause)" }

  /// The description, for code that prints `localizedDescription`.
  package var errorDescription: String? { description }

  /// Why, and what to do, for messages that name the path themselves.
  package var cause: String {
    Self.words(for: code) + (remedy.map { "; \($0)" } ?? "")
  }

  /// What to do where that is known.
  package var remedy: String? {
    switch code {
    case ENOENT: "check that its folder exists"
    case EACCES, EPERM, EROFS: "choose a place where you may write"
    case ENOSPC, EDQUOT: "free some disk space"
    case EISDIR, ENOTDIR, EEXIST, ENOTEMPTY: "something else has this name; choose another one"
    case ENAMETOOLONG: "choose a shorter name"
    case EWOULDBLOCK: "another program is writing it; wait until that has ended"
    default: nil
    }
  }

  /// The system's words for an errno.
  package static func words(for code: Int32) -> String { String(cString: strerror(code)) }
}
