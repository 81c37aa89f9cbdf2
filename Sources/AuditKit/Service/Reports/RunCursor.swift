import Foundation

/// A run's place in the list of runs, newest first: also where the run itself is gone.
struct RunCursor: Comparable, Sendable, LosslessStringConvertible {
  /// When it was submitted or began, in milliseconds since 1970: what the database of jobs keeps.
  private let time: Int64
  private let run: String

  /// The place of a line.
  init(_ line: RunLineDocument) {
    let date = line.submittedAt ?? line.startedAt ?? Date(timeIntervalSince1970: 0)
    time = Int64(exactly: (date.timeIntervalSince1970 * 1000).rounded()) ?? 0
    run = line.id
  }

  /// Reads what `description` gave; nil for anything else.
  init?(_ description: String) {
    let parts = description.split(separator: "~", omittingEmptySubsequences: false)
    guard parts.count == 2, let time = Int64(parts[0]), "\(time)" == parts[0],
      let run = RunIdentifier(String(parts[1]))
    else { return nil }
    self.time = time
    self.run = run.description
  }

  /// Of characters that a URL takes as they are.
  var description: String { "\(time)~\(run)" }

  static func < (first: RunCursor, second: RunCursor) -> Bool {
    (first.time, first.run) < (second.time, second.run)
  }
}
