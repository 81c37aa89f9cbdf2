import ArgumentParser

/// What the process ends with.
///
/// These numbers are a contract with scripts.
package enum ExitStatus: Int32, CaseIterable, Sendable {
  case done = 0
  case failed = 1
  case aboveLimit = 2
  case wrongUsage = 64
  case stopped = 130

  /// What the number means, as help and README say it.
  package var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "failed; standard error says what, where and what to do"
    case .aboveLimit: "done, but the poison estimate is above --fail-above"
    case .wrongUsage: "the command line is wrong"
    case .stopped: "stopped by Ctrl-C or SIGTERM; scan --resume and lab run go on"
    }
  }

  /// The error that makes ArgumentParser end the process with this number and no message.
  package var exitCode: ExitCode { ExitCode(rawValue) }

  /// The table for help texts.
  package static var table: String { table(of: allCases) }

  /// The table of a command that ends with these only.
  package static func table(of statuses: [ExitStatus]) -> String {
    statuses.map {
      "  \($0.rawValue)\($0.rawValue < 10 ? "  " : $0.rawValue < 100 ? " " : "")  \($0.meaning)"
    }
    .joined(separator: "\n")
  }
}
