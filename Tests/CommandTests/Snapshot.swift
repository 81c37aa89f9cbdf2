import Foundation
import Testing
import TestSupport

/// Texts that are compared with a file in `Fixtures/snapshots/`, so that every change of them is seen in review.
enum Snapshot {
  private static let folder = Repository.fixture("snapshots")

  /// Holds `text` against the snapshot `name`.
  ///
  /// A missing one is written, and the test fails, since nobody has looked at it yet. `RECORD=1` in
  /// the environment rewrites all.
  static func expect(
    _ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent(name + ".txt")
    let isRecording = ProcessInfo.processInfo.environment["RECORD"] == "1"
    guard !isRecording, let expected = try? String(contentsOf: file, encoding: .utf8) else {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      if !isRecording {
        Issue.record(
          "There was no snapshot \(name); it is written now. Read it, then run again.",
          sourceLocation: sourceLocation)
      }
      return
    }
    guard text != expected else { return }
    Issue.record(
      "\(name) differs from its snapshot \(firstDifference(text, expected)). RECORD=1 rewrites it.",
      sourceLocation: sourceLocation)
  }

  private static func firstDifference(_ text: String, _ expected: String) -> String {
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    for line in 0..<max(new.count, old.count) {
      let now = line < new.count ? "'\(new[line])'" : "the end"
      let before = line < old.count ? "'\(old[line])'" : "the end"
      if now != before { return "at line \(line + 1): now \(now), before \(before)" }
    }
    return "in line ends"
  }
}
