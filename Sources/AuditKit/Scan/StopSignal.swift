import Synchronization

/// A flag that asks a scan to stop at the next step; what the last finished epoch left stays.
public final class StopSignal: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Not asked yet.
  public init() {}

  /// Asks for the stop; safe from any thread and from a signal handler.
  public func request() { flag.store(true, ordering: .relaxed) }

  /// Whether a stop was asked for.
  public var isRequested: Bool { flag.load(ordering: .relaxed) }
}
