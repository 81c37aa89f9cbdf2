import AuditKit
import AuditTraining
import Foundation
import Synchronization

/// Shows a scan's events on standard error: one line drawn over on a terminal, lines of a log
/// elsewhere.
///
/// Safe from several threads, since a signal's notice may come between two events.
package final class ProgressPrinter: Sendable {
  private struct Display {
    var state = ScanProgress()
    var isBarShown = false
    var lastDrawn = -Double.infinity
    var logInterval = 10.0
  }

  /// On a terminal the line is drawn at most this often.
  private static let drawInterval = 0.1
  /// A log's lines get rarer up to this.
  private static let longestLogInterval = 60.0

  private let display = Mutex(Display())
  private let start = ContinuousClock.now
  private let style: @Sendable () -> TerminalStyle
  private let write: @Sendable (String) -> Void
  private let isQuiet: Bool

  /// Writes to standard error.
  ///
  /// The style is asked for anew at each line: windows change their width.
  package convenience init(isQuiet: Bool = false) {
    self.init(isQuiet: isQuiet, style: { TerminalStyle(descriptor: STDERR_FILENO) }) { text in
      FileHandle.standardError.write(Data(text.utf8))
    }
  }

  package init(
    isQuiet: Bool, style: @escaping @Sendable () -> TerminalStyle,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.isQuiet = isQuiet
    self.style = style
    self.write = write
  }

  /// Takes in an event and shows what is due.
  ///
  /// `seconds` counts from the printer's making.
  package func show(_ event: ScanEvent, at seconds: Double? = nil) {
    let style = style()
    let now = seconds ?? elapsed
    display.withLock { display in
      display.state.apply(event, at: now)
      switch event {
      case .notice(let text):
        print(Self.note(text, style: style), on: &display, style: style)
      case .epoch(let record, let safeCount) where !isQuiet:
        let line = ScanProgress.summary(
          of: record, safeCount: safeCount, epochs: display.state.training?.epochs)
        print(line, on: &display, style: style)
        display.lastDrawn = now
      case .phase where !isQuiet && !style.isInteractive:
        print(display.state.title, on: &display, style: style)
        display.lastDrawn = now
      default:
        refresh(&display, now: now, style: style, isForced: false)
      }
    }
  }

  /// Says that a stop was asked for.
  package func showStopping() {
    let style = style()
    display.withLock { display in
      guard !display.state.isStopping else { return }
      display.state.isStopping = true
      print(
        "Stopping at the next step. Press Ctrl-C again to end at once.", on: &display, style: style)
    }
  }

  /// Clears the line, so that what comes next starts on a clean one.
  package func finish() {
    display.withLock { display in
      if display.isBarShown { write("\r\u{1B}[K") }
      display.isBarShown = false
    }
  }

  /// A line for a log, and wrapped between words for a terminal.
  private static func note(_ text: String, style: TerminalStyle) -> String {
    let note = "note: " + TerminalText.escaped(text)
    guard style.isInteractive else { return note }
    return TerminalText.wrapped(note, width: max(20, style.width - 3)).joined(separator: "\n  ")
  }

  private var elapsed: Double {
    let parts = (ContinuousClock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
  }

  private func print(_ line: String, on display: inout Display, style: TerminalStyle) {
    write((display.isBarShown ? "\r\u{1B}[K" : "") + line + "\n")
    display.isBarShown = false
    if style.isInteractive, !isQuiet {
      refresh(&display, now: elapsed, style: style, isForced: true)
    }
  }

  private func refresh(
    _ display: inout Display, now: Double, style: TerminalStyle, isForced: Bool
  ) {
    guard !isQuiet else { return }
    let interval = style.isInteractive ? Self.drawInterval : display.logInterval
    guard isForced || now - display.lastDrawn >= interval else { return }
    display.lastDrawn = now
    if style.isInteractive {
      write("\r" + display.state.line(width: style.width, style: style) + "\u{1B}[K")
      display.isBarShown = true
    } else {
      write(display.state.logLine + "\n")
      display.logInterval = min(display.logInterval * 1.5, Self.longestLogInterval)
    }
  }
}
