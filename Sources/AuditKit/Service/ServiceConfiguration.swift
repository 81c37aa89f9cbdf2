import AuditHTTP
import AuditSettings
import Logging

/// How `auditd` runs: the same names on its command line, in its configuration file and here.
public struct ServiceConfiguration: Codable, Sendable, Equatable {
  /// The folder of reports; jobs add theirs.
  public var reportDir = "."
  /// Where to listen: `address:port`.
  public var listen = ["127.0.0.1:8787"]
  /// A Unix socket to listen at as well; nil: none.
  public var unix: String?
  /// A file whose first line is the token that clients must send; nil: none is needed.
  public var tokenFile: String?
  /// Folders below which crawls may be submitted, and images are shown.
  public var crawlRoots: [String] = []
  /// Scans that may run at a time.
  public var maxJobs = 1
  /// Scans that may wait.
  public var maxQueuedJobs = 100
  /// Names besides its addresses and `localhost` by which browsers may call the service.
  public var allowHosts: [String] = []
  /// Chart.js for the dashboard.
  public var chartFile = "/usr/share/javascript/chart.js/chart.min.js"
  /// How far scans stand back behind requests: nice's number, 0 to 19.
  public var niceness = 10
  /// How long running scans may take to stop when the service does, in seconds.
  public var stopSeconds = 60.0
  /// How long a request may take to be answered, in seconds.
  public var answerSeconds = 20.0
  /// Memory for answers that are asked for again, and for rankings of running scans, in mebibytes.
  public var cacheMebibytes = 128
  /// How the log is written.
  public var logFormat = LogFormat.text
  /// What is logged.
  public var logLevel = Logger.Level.notice
  /// What a client may cost.
  public var limits = HTTPLimits()

  /// The defaults.
  public init() {}

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case reportDir, listen, unix, tokenFile, crawlRoots, maxJobs, maxQueuedJobs, allowHosts
    case chartFile, niceness, stopSeconds, answerSeconds, cacheMebibytes
    case logFormat, logLevel, limits
  }

  /// Reads what is there and takes the defaults for the rest.
  ///
  /// - Throws: `DecodingError` for values of another type, out of range, and for names that are none.
  public init(from decoder: any Decoder) throws {
    self.init()
    let reader = try SettingsReader(decoder, CodingKeys.self)
    try reader.read(.reportDir, into: &reportDir)
    try reader.read(.listen, into: &listen)
    try reader.read(.unix, into: &unix)
    try reader.read(.tokenFile, into: &tokenFile)
    try reader.read(.crawlRoots, into: &crawlRoots)
    try reader.read(.maxJobs, into: &maxJobs, 0...1000)
    try reader.read(.maxQueuedJobs, into: &maxQueuedJobs, 0...1_000_000)
    try reader.read(.allowHosts, into: &allowHosts)
    try reader.read(.chartFile, into: &chartFile)
    try reader.read(.niceness, into: &niceness, 0...19)
    try reader.read(.stopSeconds, into: &stopSeconds, 0...86_400)
    try reader.read(.answerSeconds, into: &answerSeconds, 0.1...86_400)
    try reader.read(.cacheMebibytes, into: &cacheMebibytes, 0...1_048_576)
    try reader.read(.logFormat, into: &logFormat)
    try reader.read(.logLevel, into: &logLevel)
    try reader.read(.limits, into: &limits)
  }
}
