import AuditFiles

/// A failure of a command itself: what was wrong and, on a second line, what to do.
package struct CommandFailure: Error, CustomStringConvertible, Sendable {
  package let problem: String
  package let remedy: String?

  package init(_ problem: String, remedy: String? = nil) {
    self.problem = problem
    self.remedy = remedy
  }

  /// A file that the system did not let be written.
  package init(_ error: FileError) {
    self.init(
      "\(error.path) cannot be written: \(FileError.words(for: error.code)).",
      remedy: error.remedy.map { "\($0.prefix(1).uppercased())\($0.dropFirst())." })
  }

  package var description: String {
    remedy.map { "\(problem)\n\($0)" } ?? problem
  }
}
