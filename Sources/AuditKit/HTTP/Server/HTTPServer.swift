import FlyingSocks
import Foundation

/// A server of HTTP/1.1 on TCP and Unix sockets.
///
/// The sockets and the event loop under it are FlyingSocks'; grammar, limits and deadlines are held here.
public struct HTTPServer: Sendable {
  /// Where it listens.
  public let addresses: [ListenAddress]

  private let listeners: [ListeningSocket]
  private let pool: any AsyncSocketPool
  private let limits: HTTPLimits
  private let handler: any RequestHandler
  private let observe: @Sendable (Exchange) -> Void
  private let deadlines = ConnectionDeadlines()
  private let bodies: BodyBudget

  /// Begins to listen; nothing is answered before `run`.
  ///
  /// - Throws: `ListenError`.
  public init(
    addresses: [ListenAddress], limits: HTTPLimits = HTTPLimits(), handler: any RequestHandler,
    observe: @escaping @Sendable (Exchange) -> Void = { _ in }
  ) async throws {
    // A client that is gone must not end the process.
    signal(SIGPIPE, SIG_IGN)
    let pool: some AsyncSocketPool = .make(maxEvents: 256)
    try await pool.prepare()
    var listeners: [ListeningSocket] = []
    for address in addresses {
      do {
        listeners.append(try ListeningSocket(address, pool: pool))
      } catch {
        for listener in listeners { try? listener.socket.close() }
        throw error
      }
    }
    self.listeners = listeners
    self.pool = pool
    self.limits = limits
    bodies = BodyBudget(limit: limits.maximumHeldBodyBytes)
    self.handler = handler
    self.observe = observe
    self.addresses = listeners.map(\.address)
  }

  /// Open connections.
  public var connectionCount: Int { deadlines.count }

  /// Serves until `stop` returns.
  ///
  /// - Parameters:
  ///   - grace: How long requests that are at work then have to end.
  ///   - stop: Returns when the server is to end: from then on nobody can connect, and connections end after the request
  ///     that they are at.
  ///   - finish: What those requests may wait for; `grace` begins when it has returned.
  public func run(
    grace: Duration = .seconds(10), until stop: @escaping @Sendable () async -> Void,
    finishing finish: @escaping @Sendable () async -> Void = {}
  ) async {
    let events = Task { [pool] in try await pool.run() }
    let watch = Task { [deadlines] in await deadlines.watch() }
    await withTaskGroup { group in
      let accepting = listeners.map { listener in Task { await accept(on: listener) } }
      await stop()
      deadlines.beginStop()
      for task in accepting { task.cancel() }
      for task in accepting { group.addTask { await task.value } }
      await group.waitForAll()
      for listener in listeners { close(listener) }
    }
    await finish()
    await drain(grace)
    watch.cancel()
    events.cancel()
  }

  /// Takes connections in; each is served by a task of its own.
  private func accept(on listener: ListeningSocket) async {
    while !Task.isCancelled {
      do {
        let socket = try await listener.socket.accept()
        if case .unix = listener.address {
        } else {
          try? socket.socket.setValue(
            true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        }
        serve(socket)
      } catch is CancellationError {
        return
      } catch {
        // Out of descriptors, or a client that left while it waited: what is open goes on.
        try? await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  private func serve(_ socket: AsyncSocket) {
    let isFull = deadlines.count >= limits.maximumConnections
    let connection = Connection(
      socket: socket, deadline: deadlines.add(socket.socket), limits: limits, handler: handler,
      bodies: bodies, observe: observe)
    let task = Task {
      if isFull {
        await connection.refuse(.tooManyConnections(limit: limits.maximumConnections))
        connection.deadline.close()
      } else {
        await connection.run()
      }
    }
    connection.deadline.attach(task)
  }

  private func close(_ listener: ListeningSocket) {
    try? listener.socket.close()
    if case .unix(let path) = listener.address { unlink(path) }
  }

  /// Waits for the connections to end, then ends them.
  private func drain(_ grace: Duration) async {
    let end = ContinuousClock.now + grace
    while deadlines.count > 0, .now < end { try? await Task.sleep(for: .milliseconds(20)) }
    deadlines.shutDownAll()
    let last = ContinuousClock.now + .seconds(2)
    while deadlines.count > 0, .now < last { try? await Task.sleep(for: .milliseconds(20)) }
  }
}
