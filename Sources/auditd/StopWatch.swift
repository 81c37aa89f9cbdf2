import Foundation

/// Notices SIGTERM and Ctrl-C from the moment that it is made.
///
/// Unchecked: the sources are made once, and any thread may cancel them.
final class StopWatch: @unchecked Sendable {
  private let signals: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  private static let numbers = [SIGTERM, SIGINT]

  init() {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    self.signals = signals
    sources = Self.numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.activate()
      return source
    }
  }

  /// Returns at the first of them; a second one then ends the process at once.
  func wait() async {
    for await _ in signals { break }
    for source in sources { source.cancel() }
    for number in Self.numbers { signal(number, SIG_DFL) }
  }
}
