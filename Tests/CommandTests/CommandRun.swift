import Foundation
import Subprocess
import Testing

/// One run of the built executable: what it printed and what it ended with.
struct CommandRun {
  /// Everything on standard output.
  var output: String
  /// Everything on standard error.
  var errors: String
  /// The exit status, or 128 plus the signal.
  var status: Int32

  /// More than any command prints; beyond it swift-subprocess throws, so that nothing hangs.
  private static let outputLimit = 64 << 20

  /// Where the executable was built: beside the running tests.
  static let buildFolder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path

  /// An environment that looks the same everywhere: no terminal, no colours, no width.
  static func environment(_ changes: [String: String] = [:]) -> Environment {
    var variables: [Environment.Key: String] = ["LANG": "C.UTF-8"]
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    variables["PATH"] = "\(buildFolder):\(path)"
    for name in ["HOME", "TMPDIR", "OPENBLAS_CORETYPE"] {
      if let value = ProcessInfo.processInfo.environment[name] {
        variables[Environment.Key(stringLiteral: name)] = value
      }
    }
    for (name, value) in changes { variables[Environment.Key(stringLiteral: name)] = value }
    return .custom(variables)
  }

  /// A run that another harness watched.
  init(output: String, errors: String, status: Int32) {
    self.output = output
    self.errors = errors
    self.status = status
  }

  /// Runs `audit-cli` with `arguments` to its end.
  ///
  /// Both pipes are read while it runs.
  init(_ arguments: [String], environment: [String: String] = [:]) async throws {
    try await self.init(program: "audit-cli", arguments, environment: environment)
  }

  /// Runs `audit-cli` and kills it (SIGKILL) after some seconds, where it runs that long.
  ///
  /// The clock is that of `timeout`, a process of its own, which tests that run beside do not delay.
  init(_ arguments: [String], killedAfter seconds: Double) async throws {
    try await self.init(
      program: "timeout", ["--signal=KILL", "\(seconds)", "audit-cli"] + arguments)
  }

  /// Runs a line as a shell does, in `folder`.
  init(shell line: String, in folder: String) async throws {
    try await self.init(program: "sh", ["-c", "cd \"$0\" && \(line)", folder])
  }

  private init(
    program: String, _ arguments: [String], environment: [String: String] = [:]
  ) async throws {
    let result = try await run(
      .name(program), arguments: Arguments(arguments),
      environment: Self.environment(environment),
      output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
    output = result.standardOutput
    errors = result.standardError
    status = Self.status(of: result.terminationStatus)
  }

  /// The same for a list written out in place.
  init(_ arguments: String..., environment: [String: String] = [:]) async throws {
    try await self.init(arguments, environment: environment)
  }

  static func status(of termination: TerminationStatus) -> Int32 {
    switch termination {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
