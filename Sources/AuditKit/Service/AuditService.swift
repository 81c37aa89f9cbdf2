import AuditDump
import AuditHTTP
import AuditReport
import Foundation
import HTTPTypes
import Logging
import Synchronization

/// The service behind `auditd`: jobs, reports and the dashboard over HTTP.
public struct AuditService: Sendable {
  /// Where it listens, with the ports that the system gave.
  public var addresses: [ListenAddress] { server.addresses }

  private let server: HTTPServer
  private let context: ServiceContext
  private let deadlines = AnswerDeadlines()
  private let lock: FolderLock

  /// Takes the report folder and begins to listen; nothing is answered before `run`.
  ///
  /// - Parameters:
  ///   - configuration: How it runs.
  ///   - executable: What is started with the argument "work" for each job.
  ///   - logger: Where it tells what it does.
  /// - Throws: `ServiceError`, `ListenError`, and what says that another service has the folder.
  public init(
    _ configuration: ServiceConfiguration, executable: String = "/proc/self/exe", logger: Logger
  ) async throws {
    var configuration = configuration
    configuration.reportDir = try Self.folder(configuration.reportDir)
    let addresses = try Self.addresses(configuration)
    let access = try Self.access(configuration, addresses)
    lock = try FolderLock(folder: configuration.reportDir)
    let events = EventHub()
    let store = try JobStore(folder: configuration.reportDir)
    let roots = try CrawlRoots(configuration.crawlRoots)
    let cacheBytes = configuration.cacheMebibytes << 20
    let context = ServiceContext(
      configuration: configuration,
      folder: ReportFolder(path: configuration.reportDir, logger: logger),
      jobs: try JobQueue(
        configuration: configuration, readable: roots.readable, store: store, events: events,
        executable: executable, logger: logger),
      store: store, events: events, access: access, roots: roots,
      images: ImageFiles(followsPaths: true),
      metrics: ServiceMetrics(),
      answers: AnswerCache(maximumByteCount: cacheBytes / 2),
      rankings: AnswerCache(maximumByteCount: cacheBytes * 3 / 8),
      documents: AnswerCache(maximumByteCount: cacheBytes / 8), knownLines: RunLines(),
      probe: FolderProbe(folder: configuration.reportDir),
      logger: logger)
    self.context = context
    let count = ConnectionCount()
    let handler = ServiceHandler(
      context: context, router: Router(routes: context.routes(connections: count.value)),
      deadlines: deadlines)
    server = try await HTTPServer(
      addresses: addresses, limits: configuration.limits, handler: handler
    ) { exchange in
      let pattern = exchange.head.map(handler.pattern) ?? "none"
      context.metrics.count(exchange, route: pattern)
      Self.log(exchange, logger)
    }
    count.set { [server] in server.connectionCount }
  }

  /// Works until `stop` returns: running scans then write their checkpoints, to be gone on with at the next start, and
  /// requests at work end.
  ///
  /// - Parameters:
  ///   - ready: Called when requests are answered.
  ///   - stop: Returns when the service is to end.
  /// - Throws: What the database of jobs does.
  public func run(
    ready: @escaping @Sendable () -> Void, until stop: @escaping @Sendable () async -> Void
  ) async throws {
    raiseDescriptorLimit()
    await context.jobs.start()
    let heartbeat = Task { [events = context.events] in
      while (try? await Task.sleep(for: ServiceContext.heartbeat)) != nil { events.beat() }
    }
    // Deleted shards keep their room on the disk as long as they are open.
    let tidying = Task { [images = context.images, work = context.crawlWork] in
      while (try? await Task.sleep(for: ServiceContext.heartbeat)) != nil {
        try? await work.run { images.closeReplaced() }
      }
    }
    let watch = Task { [deadlines] in await deadlines.watch() }
    defer {
      heartbeat.cancel()
      tidying.cancel()
      watch.cancel()
    }
    ready()
    await server.run {
      await stop()
      context.logger.notice("stopping")
      await context.jobs.beginStop()
    } finishing: {
      await context.jobs.stop()
      context.events.finishAll()
    }
  }

  /// Each client takes a descriptor, each open report several.
  private func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else {
      return
    }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
  }

  private static func log(_ exchange: Exchange, _ logger: Logger) {
    guard let head = exchange.head else {
      logger.info("request refused", metadata: ["status": "\(exchange.status.code)"])
      return
    }
    logger.debug(
      "request",
      metadata: [
        "method": "\(head.method.rawValue)", "path": "\(head.target.rawPath)",
        "status": "\(exchange.status.code)", "seconds": "\(exchange.seconds)",
        "bytes": "\(exchange.bytes.map(String.init) ?? "broken")",
      ])
  }
}

// MARK: - What a configuration means

extension AuditService {
  /// The report folder, made where it is not there, without symbolic links.
  private static func folder(_ path: String) throws(ServiceError) -> String {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .noReportFolder(path: path, reason: error.localizedDescription)
    }
    guard Foundation.access(path, R_OK | W_OK | X_OK) == 0 else {
      throw .noReportFolder(path: path, reason: String(cString: strerror(errno)))
    }
    return URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
      .trimmingSlash
  }

  private static func addresses(
    _ configuration: ServiceConfiguration
  ) throws(ServiceError) -> [ListenAddress] {
    var addresses: [ListenAddress] = []
    for text in configuration.listen {
      guard let address = ListenAddress(text) else { throw .noAddress(text) }
      addresses.append(address)
    }
    if let path = configuration.unix { addresses.append(.unix(path)) }
    return addresses
  }

  private static func access(
    _ configuration: ServiceConfiguration, _ addresses: [ListenAddress]
  ) throws(ServiceError) -> AccessControl {
    let token = try configuration.tokenFile.map(token)
    if token == nil, let open = addresses.first(where: { !$0.isLocal }) {
      throw .needsToken(address: open.description)
    }
    var hosts: Set = ["localhost", "127.0.0.1", "[::1]"]
    hosts.formUnion(configuration.allowHosts.map { $0.lowercased() })
    for address in addresses {
      switch address {
      case .ipv4(let host, _): hosts.insert(host)
      case .ipv6(let host, _): hosts.insert("[\(host)]")
      case .unix: break
      }
    }
    return AccessControl(token: token, hosts: hosts)
  }

  /// The first line of the token's file.
  private static func token(_ path: String) throws(ServiceError) -> String {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw .noToken(path: path, reason: "it cannot be read")
    }
    let token = text.prefix { !$0.isNewline }.trimmingCharacters(in: .whitespaces)
    guard token.count >= 16, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .noToken(path: path, reason: "its first line is too short, or holds other characters")
    }
    return token
  }
}

/// The number of open connections, which the server knows and the routes tell; the server is made after the routes.
private final class ConnectionCount: Sendable {
  private let read = Mutex<@Sendable () -> Int>({ 0 })

  func set(_ read: @escaping @Sendable () -> Int) { self.read.withLock { $0 = read } }

  @Sendable func value() -> Int { read.withLock { $0 }() }
}

extension String {
  /// Without a slash at its end.
  fileprivate var trimmingSlash: String {
    count > 1 && hasSuffix("/") ? String(dropLast()) : self
  }
}
