import AuditReport
import Synchronization

/// A report that the service has open.
final class OpenReport: Sendable {
  let path: String
  let reader: ReportReader
  private let watch: ReportWatch
  /// Another number for each opening: versions of two openings cannot be compared.
  private let opening: Int

  /// Connections for requests that are answered side by side; more only wait for the same disk.
  private static let connections = 4
  /// The inner pages of an index over a million pairs.
  private static let cacheMebibytes = 8
  private static let openings = Atomic(0)

  init(path: String) throws {
    self.path = path
    do {
      reader = try ReportReader(
        path: path, connections: Self.connections, cacheMebibytes: Self.cacheMebibytes)
    } catch ReportError.olderSchema {
      // Written by an earlier version: brought up to date once.
      try ReportStore(path: path, creating: false).close()
      reader = try ReportReader(
        path: path, connections: Self.connections, cacheMebibytes: Self.cacheMebibytes)
    }
    watch = try ReportWatch(path: path)
    opening = Self.openings.add(1, ordering: .relaxed).newValue
  }

  /// Changes with every commit.
  func version() throws -> String { "\(opening).\(try watch.version())" }
}
