import Foundation

/// What a stream can show.
package struct TerminalStyle: Sendable, Equatable {
  /// Columns of a line.
  package var width: Int
  /// Whether lines may be drawn over (a terminal that knows cursor control).
  package var isInteractive: Bool
  /// Whether colours are wanted.
  package var hasColor: Bool

  package init(width: Int, isInteractive: Bool = false, hasColor: Bool = false) {
    self.width = width
    self.isInteractive = isInteractive
    self.hasColor = hasColor
  }

  /// The style of a stream that is no terminal: whole lines, no colours.
  package static let plain = TerminalStyle(width: 100)

  /// Looks at an open stream and the environment: a terminal counts unless `TERM` is `dumb` or empty,
  /// colours unless `NO_COLOR` is set to anything (no-color.org).
  package init(
    descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    let term = environment["TERM"] ?? ""
    let isTerminal = isatty(descriptor) == 1
    let drawsOver = isTerminal && term != "dumb" && !term.isEmpty
    self.init(
      width: Self.columns(of: descriptor, environment: environment, isTerminal: isTerminal),
      isInteractive: drawsOver,
      hasColor: drawsOver && (environment["NO_COLOR"] ?? "").isEmpty)
  }

  /// The terminal's width now (it changes when the window does), or of what `COLUMNS` says, or 100.
  private static func columns(
    of descriptor: Int32, environment: [String: String], isTerminal: Bool
  ) -> Int {
    if isTerminal {
      var size = winsize()
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
        return Int(size.ws_col)
      }
    }
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns >= 20 { return columns }
    return isTerminal ? 80 : plain.width
  }

  /// `text` in a colour, where colours are wanted.
  package func colored(_ text: String, _ color: TerminalColor) -> String {
    hasColor && !text.isEmpty ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// The few colours in use, as parameters of the SGR control sequence.
package enum TerminalColor: Int, Sendable {
  case bold = 1
  case dim = 2
  case red = 31
  case green = 32
  case yellow = 33
  case cyan = 36
}
