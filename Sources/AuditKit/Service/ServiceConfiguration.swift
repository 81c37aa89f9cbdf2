import AuditHTTP

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
  /// What a client may cost.
  public var limits = HTTPLimits()

  /// The defaults.
  public init() {}

  /// Reads what is there and takes the defaults for the rest.
  ///
  /// - Throws: `DecodingError` for values of another type and for names that are none.
  public init(from decoder: any Decoder) throws {
    self.init()
    let known = try decoder.container(keyedBy: CodingKeys.self)
    func take<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
      value = try known.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try take(.reportDir, &reportDir)
    try take(.listen, &listen)
    unix = try known.decodeIfPresent(String.self, forKey: .unix)
    tokenFile = try known.decodeIfPresent(String.self, forKey: .tokenFile)
    try take(.crawlRoots, &crawlRoots)
    try take(.maxJobs, &maxJobs)
    try take(.maxQueuedJobs, &maxQueuedJobs)
    try take(.allowHosts, &allowHosts)
    try take(.chartFile, &chartFile)
    try take(.niceness, &niceness)
    try take(.stopSeconds, &stopSeconds)
    try take(.answerSeconds, &answerSeconds)
    try take(.cacheMebibytes, &cacheMebibytes)
    try take(.limits, &limits)
    try Self.refuseUnknown(decoder)
  }

  private static func refuseUnknown(_ decoder: any Decoder) throws {
    let all = try decoder.container(keyedBy: AnyKey.self)
    for key in all.allKeys where CodingKeys(stringValue: key.stringValue) == nil {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [key], debugDescription: "there is no setting '\(key.stringValue)'"))
    }
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
