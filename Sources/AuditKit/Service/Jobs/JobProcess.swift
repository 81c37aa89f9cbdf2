import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A job's process, seen from the service.
struct JobProcess: Sendable {
  /// How it ended.
  enum Outcome: Sendable, Equatable {
    case finished
    case stopped
    /// A signal that asks programs to stop ended it before it could do so in order; the words tell which.
    case interrupted(String)
    /// It was asked to stop, did not within `patience`, and was killed.
    case killed
    case failed(String)
  }

  /// The executable; it is started with the argument "work".
  let executable: String
  /// How long it may take to stop, before it is killed.
  let patience: Duration

  /// A process group of its own: Ctrl-C at the service's terminal is for the service, which stops its scans itself.
  ///
  /// No session, since the kernel may share the processor out among sessions, whatever their niceness.
  private static var ownGroup: PlatformOptions {
    var options = PlatformOptions()
    options.processGroupID = 0
    return options
  }

  /// What ends an event; JSON has no other line break in it, but may have Unicode's.
  private static let lineFeed: [Unicode.Scalar] = ["\n"]

  /// Runs the process to its end.
  ///
  /// What `stop` yields first asks the process to stop; `onEvent` gets what the process tells.
  func run(
    _ order: WorkOrder, stop: AsyncStream<Void>,
    onEvent: @escaping @Sendable (WorkEvent) async -> Void
  ) async -> Outcome {
    do {
      let line = try JSONEncoder().encode(order) + [0x0A]
      let killing = Killing()
      let result = try await Subprocess.run(
        .path(FilePath(executable)),
        arguments: Arguments(executablePathOverride: "auditd", remainingValues: ["work"]),
        platformOptions: Self.ownGroup, input: .inputWriter, output: .sequence,
        error: .currentStandardError
      ) { execution in
        do {
          _ = try await execution.standardInputWriter.write([UInt8](line))
        } catch {
          // It has ended already, and how it did tells more. Else it ends where its input does.
          try? await execution.standardInputWriter.finish()
        }
        let watch = Task {
          for await _ in stop {
            try await execution.standardInputWriter.finish()
            break
          }
          try await Task.sleep(for: patience)
          killing.isDone.store(true, ordering: .relaxed)
          try execution.send(signal: .kill)
        }
        defer { watch.cancel() }
        var lastError: String?
        // Without a limit: a notice or an error may quote what is long.
        let lines = execution.standardOutput.strings(
          separatedBy: .unicodeScalarSequence(Self.lineFeed), bufferingPolicy: .unbounded)
        for try await line in lines {
          guard let event = try? JSONDecoder().decode(WorkEvent.self, from: Data(line.utf8)) else {
            continue
          }
          if case .failed(let reason) = event { lastError = reason }
          await onEvent(event)
        }
        return lastError
      }
      if case .signaled = result.terminationStatus, killing.isDone.load(ordering: .relaxed) {
        return .killed
      }
      return Self.outcome(result.terminationStatus, lastError: result.closureResult)
    } catch {
      return .failed("the scan's process cannot be run: \(error)")
    }
  }

  private static func outcome(_ status: TerminationStatus, lastError: String?) -> Outcome {
    switch status {
    case .exited(JobWorker.Status.finished): return .finished
    case .exited(JobWorker.Status.stopped): return .stopped
    case .exited(let code):
      return .failed(lastError ?? "the scan's process ended with status \(code)")
    case .signaled(let signal):
      let words =
        "the scan's process was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
      if signal == SIGTERM || signal == SIGINT { return .interrupted(words) }
      return .failed(words + "; signal 9 often means that memory ran out")
    }
  }
}

/// Whether a process was killed for not stopping in time.
private final class Killing: Sendable {
  let isDone = Atomic(false)
}
