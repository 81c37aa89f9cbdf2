import Foundation
import Synchronization

/// An event of a run, as subscribers get it.
struct ServerEvent: Sendable, Equatable {
  /// Its place among the run's events since the service began.
  let number: Int
  /// Such as "progress".
  let name: String
  /// A JSON document in one line.
  let data: [UInt8]

  /// No event of a run: a sign of life.
  static let heartbeat = ServerEvent(number: 0, name: "", data: [])
}

/// Passes what happens to runs on to whoever listens, and keeps the last of it for those that were away.
final class EventHub: Sendable {
  private struct Channel {
    var last = 0
    var recent: [ServerEvent] = []
    var subscribers: [Int: AsyncStream<ServerEvent>.Continuation] = [:]
    var progress: ProgressDocument?
  }

  private struct State {
    var channels: [String: Channel] = [:]
    var nextSubscriber = 0
    var isEnded = false
  }

  /// What a subscriber starts with.
  struct Subscription: Sendable {
    /// What came since the event that it had last; nil where that is not known any more.
    let missed: [ServerEvent]?
    /// What comes.
    let events: AsyncStream<ServerEvent>
  }

  /// Events kept for each run.
  private static let memory = 256
  /// Events that wait for a slow subscriber; older ones are dropped, since newer ones tell more.
  private static let patience = 64

  /// Stands before the numbers in event identifiers: another one for each start of the service.
  let era = String(UInt64(Date().timeIntervalSince1970 * 1000), radix: 36)
  private let state = Mutex(State())

  /// Whether all streams have ended, since the service stops.
  var isEnded: Bool { state.withLock { $0.isEnded } }

  /// Tells a run's subscribers.
  func publish(_ name: String, _ data: [UInt8], run: String) {
    state.withLock { state in
      guard !state.isEnded else { return }
      var channel = state.channels[run] ?? Channel()
      channel.last += 1
      let event = ServerEvent(number: channel.last, name: name, data: data)
      channel.recent.append(event)
      if channel.recent.count > Self.memory { channel.recent.removeFirst() }
      for subscriber in channel.subscribers.values { subscriber.yield(event) }
      state.channels[run] = channel
    }
  }

  /// Tells all subscribers that their connections live; nobody could tell a silent one from a dead one.
  func beat() {
    state.withLock { state in
      for channel in state.channels.values {
        for subscriber in channel.subscribers.values { subscriber.yield(.heartbeat) }
      }
    }
  }

  /// What a run is doing; nil forgets it.
  func setProgress(_ progress: ProgressDocument?, run: String) {
    state.withLock { $0.channels[run, default: Channel()].progress = progress }
  }

  /// What a run of this service is doing.
  func progress(run: String) -> ProgressDocument? {
    state.withLock { $0.channels[run]?.progress }
  }

  /// The number of a run's last event: another one whenever something happened.
  func lastNumber(run: String) -> Int { state.withLock { $0.channels[run]?.last ?? 0 } }

  /// Listens to a run from now on, or from after an event that `last` names.
  func subscribe(run: String, last: String?) -> Subscription {
    let (stream, continuation) = AsyncStream.makeStream(
      of: ServerEvent.self, bufferingPolicy: .bufferingNewest(Self.patience))
    return state.withLock { state in
      guard !state.isEnded else {
        continuation.finish()
        return Subscription(missed: nil, events: stream)
      }
      let id = state.nextSubscriber
      state.nextSubscriber += 1
      continuation.onTermination = { [weak self] _ in self?.forget(id, run: run) }
      var channel = state.channels[run] ?? Channel()
      channel.subscribers[id] = continuation
      state.channels[run] = channel
      return Subscription(missed: missed(channel, last), events: stream)
    }
  }

  /// Ends a run's streams: nothing comes any more.
  func finish(run: String) {
    let ended = state.withLock { state in
      let subscribers = state.channels[run]?.subscribers.values.map { $0 } ?? []
      state.channels[run]?.subscribers = [:]
      return subscribers
    }
    // Outside of the lock, which their end takes.
    for subscriber in ended { subscriber.finish() }
  }

  /// Ends a run's streams, and forgets what happened to it.
  func forget(run: String) {
    finish(run: run)
    state.withLock { $0.channels[run] = nil }
  }

  /// Ends all streams, for good.
  func finishAll() {
    let runs = state.withLock { state in
      state.isEnded = true
      return Array(state.channels.keys)
    }
    for run in runs { finish(run: run) }
  }

  /// The identifier of an event.
  func identifier(_ event: ServerEvent) -> String { "\(era)-\(event.number)" }

  private func missed(_ channel: Channel, _ last: String?) -> [ServerEvent]? {
    guard let last, last.hasPrefix(era + "-"), let number = Int(last.dropFirst(era.count + 1)),
      number <= channel.last, number >= channel.last - channel.recent.count
    else { return nil }
    return channel.recent.filter { $0.number > number }
  }

  private func forget(_ subscriber: Int, run: String) {
    state.withLock { _ = $0.channels[run]?.subscribers.removeValue(forKey: subscriber) }
  }
}
