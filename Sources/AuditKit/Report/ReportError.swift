/// Why a report cannot be opened, read or written.
public enum ReportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no file at the path.
  case missing(path: String)
  /// The file cannot be opened; `reason` is SQLite's.
  case cannotOpen(path: String, reason: String)
  /// The file is not a report: another program's database, or no database at all.
  case notAReport(path: String, reason: String)
  /// The file holds no tables yet: its scan has only just begun, or was killed before it wrote them.
  case unfinished(path: String)
  /// The file was written by a newer version of this software.
  case newerSchema(path: String, found: Int, supported: Int)
  /// The file was written by an older version and has not been migrated, which reading alone cannot do.
  case olderSchema(path: String, found: Int, supported: Int)
  /// SQLite refused an operation; nothing of it was kept.
  case database(path: String, operation: String, reason: String)
  /// No run has this id.
  case noRun(id: Int64)
  /// The run has no pair at this place.
  case noPair(run: Int64, ordinal: Int)
  /// The report holds no run at all.
  case noRuns
  /// A finished run cannot be resumed or written to.
  case runIsFinished(id: Int64)
  /// Epochs are written without gaps.
  case epochGap(run: Int64, epoch: Int, expected: Int)
  /// Something has another number of elements than the run has pairs.
  case wrongCount(what: String, found: Int, pairCount: Int)
  /// A value is not a number or out of its range.
  case invalidValue(what: String, ordinal: Int, value: String)
  /// Only a part of the scores was given.
  case incompleteScores(reason: String)
  /// The run has no risks yet, so that a ranking would be empty words.
  case notScored(run: Int64, phase: String)
  /// Pairs that are to be named by their uids have none.
  case missingUIDs(run: Int64, missing: Int, of: Int)
  /// A page token of another order, or none at all.
  case invalidCursor(String)

  /// What was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "There is no report at \(path). A scan writes one: audit-cli scan <crawl> --report \(path)"
    case .cannotOpen(let path, let reason):
      """
      The report \(path) cannot be opened: \(reason). Check that its folder exists, that you may write \
      there (SQLite keeps two files beside it while it is in use) and that the disk is not full.
      """
    case .notAReport(let path, let reason):
      "\(path) is not a report: \(reason). Nothing was changed; choose another path."
    case .unfinished(let path):
      """
      The report \(path) is empty: the scan that writes it has only just begun, or was killed before it \
      wrote anything. Try again in a moment, or scan into it.
      """
    case .newerSchema(let path, let found, let supported):
      """
      The report \(path) has schema version \(found), and this program knows versions up to \
      \(supported). Use the version that wrote it, or a newer one.
      """
    case .olderSchema(let path, let found, let supported):
      """
      The report \(path) has schema version \(found), and this program reads version \(supported). \
      Scanning into it once brings it up to date.
      """
    case .database(let path, let operation, let reason):
      "\(operation) failed in the report \(path): \(reason). Nothing of this step was kept."
    case .noRun(let id):
      "The report has no run \(id)."
    case .noPair(let run, let ordinal):
      "Run \(run) has no pair \(ordinal)."
    case .noRuns:
      "The report holds no run yet."
    case .runIsFinished(let id):
      "Run \(id) is finished and is not changed any more. Start a new run."
    case .epochGap(let run, let epoch, let expected):
      """
      Epoch \(epoch) of run \(run) cannot be recorded before epoch \(expected): resume from the \
      checkpoint after epoch \(expected - 1), or start a new run.
      """
    case .wrongCount(let what, let found, let pairCount):
      "The \(what) have \(found) elements, but the run has \(pairCount) pairs."
    case .invalidValue(let what, let ordinal, let value):
      "The \(what) of pair \(ordinal) is \(value)."
    case .incompleteScores(let reason):
      "The scores are incomplete: \(reason)."
    case .notScored(let run, let phase):
      "Run \(run) has no risks yet (it is at: \(phase)). They come after the first split."
    case .missingUIDs(let run, let missing, let count):
      """
      \(missing) of the \(count) pairs asked for of run \(run) have no uid: the crawl's metadata tell none. Leave \
      them out with --allow-missing-uid, or export keys with --format txt.
      """
    case .invalidCursor(let token):
      "“\(token)” is not a page token of this order. Use the one that came with the last page."
    }
  }
}
