/// A failure of a command itself: what was wrong and, on a second line, what to do.
package struct CommandFailure: Error, CustomStringConvertible, Sendable {
  package let problem: String
  package let remedy: String?

  package init(_ problem: String, remedy: String? = nil) {
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String {
    remedy.map { "\(problem)\n\($0)" } ?? problem
  }
}
