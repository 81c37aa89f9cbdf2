import AuditSettings

/// What a client may cost: sizes, counts and times.
///
/// Whoever goes beyond gets the status named here where it can still be sent, and the connection ends.
public struct HTTPLimits: Sendable, Equatable, Codable {
  /// Bytes of request line and header fields together; 431, or 414 where the request line alone is longer.
  public var maximumHeadBytes = 16_384
  /// Header fields of a request; 431.
  public var maximumFieldCount = 100
  /// Bytes of a body where a handler does not say otherwise; 413.
  public var maximumBodyBytes = 65_536
  /// Bytes of all bodies that are held at a time; 503.
  public var maximumHeldBodyBytes = 1 << 28
  /// Connections open at a time; what comes beyond gets 503.
  public var maximumConnections = 4096
  /// From a request's first byte to the end of its head; 408.
  public var headSeconds = 10.0
  /// For a whole body, on top of a second for every `slowestBytesPerSecond`; 408.
  public var bodySeconds = 10.0
  /// Between two requests on one connection.
  public var idleSeconds = 75.0
  /// Until a client has taken a piece of the response that was given to the socket.
  public var writeSeconds = 30.0
  /// For a client that was late with its request to read why it is refused.
  public var farewellSeconds = 5.0
  /// The slowest body that is waited for.
  public var slowestBytesPerSecond = 16_384.0

  /// The defaults.
  public init() {}

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case maximumHeadBytes, maximumFieldCount, maximumBodyBytes, maximumHeldBodyBytes
    case maximumConnections
    case headSeconds, bodySeconds, idleSeconds, writeSeconds, farewellSeconds
    case slowestBytesPerSecond
  }

  /// Reads what is there and takes the defaults for the rest.
  ///
  /// - Throws: `DecodingError` for values of another type, out of range, and for names that are none.
  public init(from decoder: any Decoder) throws {
    self.init()
    let reader = try SettingsReader(decoder, CodingKeys.self)
    try reader.read(.maximumHeadBytes, into: &maximumHeadBytes, 256...1 << 20)
    try reader.read(.maximumFieldCount, into: &maximumFieldCount, 1...10_000)
    try reader.read(.maximumBodyBytes, into: &maximumBodyBytes, 0...1 << 30)
    try reader.read(.maximumHeldBodyBytes, into: &maximumHeldBodyBytes, 0...1 << 40)
    try reader.read(.maximumConnections, into: &maximumConnections, 1...1_000_000)
    try reader.read(.headSeconds, into: &headSeconds, 0.1...86_400)
    try reader.read(.bodySeconds, into: &bodySeconds, 0.1...86_400)
    try reader.read(.idleSeconds, into: &idleSeconds, 0.1...86_400)
    try reader.read(.writeSeconds, into: &writeSeconds, 0.1...86_400)
    try reader.read(.farewellSeconds, into: &farewellSeconds, 0...86_400)
    try reader.read(.slowestBytesPerSecond, into: &slowestBytesPerSecond, 1...1e9)
  }
}
