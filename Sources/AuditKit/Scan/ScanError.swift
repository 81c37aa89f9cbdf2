import AuditFiles

/// Why a scan cannot begin or go on.
public enum ScanError: Error, CustomStringConvertible, Equatable {
  /// Nothing in the crawl could be read.
  case noPairs(crawl: String, rejected: Int)
  /// `--resume` with settings that the run does not have.
  case resumedWithOtherSettings(run: Int64, names: [String])
  /// `--resume` of a finished run that is asked for what was not made.
  case finishedWithout(run: Int64)
  /// The crawl is not what it was when the run began.
  case crawlChanged(run: Int64)
  /// The file of trusted keys cannot be used.
  case unusableTrusted(path: String, reason: String)
  /// No pair of the held-out crawl can be used.
  case unusableHeldOut(path: String, rejected: Int)
  /// A model that another tokenizer or image size belongs to, or whose training has diverged.
  case modelMismatch(reason: String)
  /// Too few pairs to say what a usual similarity is.
  case tooFewToScore(count: Int, minimum: Int)
  /// Another process scans into the report.
  case reportInUse(path: String)
  /// A file or folder of the scan's own cannot be made.
  case fileFailed(path: String, reason: String)

  init(_ error: FileError) {
    self = .fileFailed(path: error.path, reason: "cannot \(error.operation): \(error.cause)")
  }

  /// What was wrong and what to do.
  public var description: String {
    switch self {
    case .noPairs(let crawl, let rejected):
      """
      no usable pair in \(crawl) (\(rejected) rejected); after a scan \
      `audit-cli report FILE --rejected` lists why
      """
    case .resumedWithOtherSettings(let run, let names):
      """
      run \(run) was begun with other values of \(names.joined(separator: ", ")); leave them out to \
      resume it, or scan without --resume
      """
    case .finishedWithout(let run):
      """
      run \(run) of this crawl is finished, without the model or the retrieval that is asked for now; \
      scan without --resume to make them
      """
    case .crawlChanged(let run):
      "the crawl has changed since run \(run) began; scan without --resume"
    case .unusableTrusted(let path, let reason):
      "the trusted pairs in '\(path)' cannot be used: \(reason)"
    case .unusableHeldOut(let path, let rejected):
      """
      no usable pair in the held-out crawl \(path) (\(rejected) rejected), so that retrieval cannot be measured; \
      `audit-cli inspect` tells what is wrong with it, or leave --held-out out
      """
    case .modelMismatch(let reason):
      reason
    case .tooFewToScore(let count, let minimum):
      """
      \(count) usable pairs are too few for a mixture of similarities; at least \(minimum) are \
      needed (`audit-cli embed` takes any number)
      """
    case .reportInUse(let path):
      "another process scans into \(path); wait for its end, or take another report"
    case .fileFailed(let path, let reason):
      "\(path): \(reason)"
    }
  }
}
