import AuditReport
import Foundation
import Logging

/// The reports of the service's folder; a limited number of them stays open.
actor ReportFolder {
  nonisolated let path: String
  private let logger: Logger
  private var open: [String: Entry] = [:]
  private var clock = 0

  private struct Entry {
    let report: OpenReport
    let file: FileState
    var lastUse: Int
  }

  /// More would hold connections and caches for reports that nobody reads.
  private static let maximumOpenReports = 12

  init(path: String, logger: Logger) {
    self.path = path
    self.logger = logger
  }

  /// The path of a report.
  nonisolated func file(_ name: String) -> String { "\(path)/\(name).sqlite" }

  /// Names of the reports that are there, sorted; lets go of those that are not.
  func names() throws -> [String] {
    open = open.filter { FileState(path: file($0.key))?.isSameFile(as: $0.value.file) == true }
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasSuffix(".sqlite") && !$0.hasPrefix(".") }
      .map { String($0.dropLast(".sqlite".count)) }
      .filter { RunIdentifier.isName($0) && $0 != JobStore.name }
      .sorted()
  }

  /// A report by its name.
  ///
  /// - Throws: `Problem` where there is none; `ReportError` where it cannot be opened.
  func report(_ name: String) throws -> OpenReport {
    guard RunIdentifier.isName(name), name != JobStore.name,
      let file = FileState(path: file(name))
    else {
      open[name] = nil
      throw Problem(.notFound, "There is no report “\(name)”.")
    }
    clock += 1
    if let entry = open[name], entry.file.isSameFile(as: file) {
      open[name]?.lastUse = clock
      return entry.report
    }
    // Another file's, which may have gone to make room for this one.
    open[name] = nil
    let report = try OpenReport(path: self.file(name))
    open[name] = Entry(report: report, file: file, lastUse: clock)
    while open.count > Self.maximumOpenReports,
      let oldest = open.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      open[oldest.key] = nil
    }
    return report
  }

  /// A report by its name; nil, and a line in the log, where it cannot be read: other files may lie here.
  func readableReport(_ name: String) -> OpenReport? {
    do {
      return try report(name)
    } catch ReportError.unfinished {
      return nil
    } catch {
      logger.warning("report cannot be read", metadata: ["report": "\(name)", "error": "\(error)"])
      return nil
    }
  }
}
