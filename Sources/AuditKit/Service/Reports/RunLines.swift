import Synchronization

/// The lines of reports in the list of runs, as long as their files do not change: a list of hundreds opens none of them.
final class RunLines: Sendable {
  private let kept = Mutex<[String: (stamp: ReportStamp, lines: [RunLineDocument])]>([:])

  /// The lines of a report, if they were read from just these files.
  func lines(of name: String, _ stamp: ReportStamp?) -> [RunLineDocument]? {
    guard let stamp else { return nil }
    return kept.withLock { kept in
      guard let entry = kept[name], entry.stamp == stamp else { return nil }
      return entry.lines
    }
  }

  /// Keeps what was read after `stamp` was taken.
  func keep(_ lines: [RunLineDocument], of name: String, _ stamp: ReportStamp?) {
    guard let stamp else { return }
    kept.withLock { $0[name] = (stamp, lines) }
  }

  /// Forgets reports that are not among `names`.
  func forget(allBut names: some Collection<String>) {
    kept.withLock { kept in
      guard kept.count > names.count else { return }
      let present = Set(names)
      kept = kept.filter { present.contains($0.key) }
    }
  }
}
