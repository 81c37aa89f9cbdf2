import HTTPTypes
import Synchronization

/// Puts a response on the wire, in the version and codings that the client takes.
struct ResponseWriter: Sendable {
  /// What is answered; nil where there is no whole request.
  let head: RequestHead?
  let keepsConnection: Bool
  let write: @Sendable ([UInt8]) async throws -> Void

  /// Bodies below this are sent as they are: a packet is not worth the work.
  private static let smallestCompressed = 1024
  /// zlib's level for bodies made on the spot: three quarters of the best one's gain at a quarter of its time.
  private static let level: Int32 = 4

  /// Sends it; returns the bytes sent.
  @discardableResult
  func send(_ response: Response) async throws -> Int {
    var fields = response.fields
    fields[.date] = HTTPDate.now
    if !keepsConnection { fields[.connection] = "close" }
    if head?.version == .http10, keepsConnection { fields[.connection] = "keep-alive" }
    let mayCompress = Self.isCompressible(fields[.contentType]) && fields[.contentEncoding] == nil
    if mayCompress { fields.addVary("Accept-Encoding") }
    // Its type only told whether the answer that it stands for may be compressed.
    if response.status == .notModified { fields[.contentType] = nil }
    let gzip = mayCompress && head?.fields.acceptsGzip == true
    switch response.body {
    case .none:
      if response.status != .noContent, response.status != .notModified {
        fields[.contentLength] = "0"
      }
      return try await send(response.status, fields, [])
    case .bytes(let bytes):
      let isSmall = bytes.count < Self.smallestCompressed
      return try await sendWhole(
        response.status, fields, bytes,
        compressed: gzip && !isSmall ? GzipStream.compressed(bytes, level: Self.level) : nil)
    case .kept(let body):
      let isSmall = body.bytes.count < Self.smallestCompressed
      return try await sendWhole(
        response.status, fields, body.bytes,
        compressed: gzip && !isSmall ? body.compressed(level: Self.level) : nil)
    case .stream(let produce):
      let stream = gzip ? GzipStream(level: Self.level) : nil
      if stream != nil { fields.markCompressed() }
      return try await sendStream(response.status, fields, through: stream, produce)
    }
  }

  private static func isCompressible(_ type: String?) -> Bool {
    guard let type else { return false }
    // An event must arrive when it happens, not when a block is full.
    if type.hasPrefix("text/event-stream") { return false }
    return type.hasPrefix("text/") || type.contains("json") || type.contains("javascript")
      || type.contains("svg")
  }

  /// With its length; `compressed`, where there is such a form, goes instead of the bytes.
  private func sendWhole(
    _ status: HTTPResponse.Status, _ fields: HTTPFields, _ bytes: [UInt8], compressed: [UInt8]?
  ) async throws -> Int {
    var fields = fields
    if compressed != nil { fields.markCompressed() }
    let body = compressed ?? bytes
    fields[.contentLength] = "\(body.count)"
    return try await send(status, fields, head?.method == .head ? [] : body)
  }

  private func send(
    _ status: HTTPResponse.Status, _ fields: HTTPFields, _ body: [UInt8]
  ) async throws -> Int {
    let bytes = Self.header(status, fields) + body
    try await write(bytes)
    return bytes.count
  }

  /// In chunks, or up to the end of the connection for HTTP/1.0.
  private func sendStream(
    _ status: HTTPResponse.Status, _ fields: HTTPFields, through stream: GzipStream?,
    _ produce: @Sendable (BodyWriter) async throws -> Void
  ) async throws -> Int {
    let isChunked = head?.version != .http10
    var fields = fields
    if isChunked { fields[.transferEncoding] = "chunked" }
    let sent = Atomic(0)
    @Sendable func put(_ bytes: [UInt8]) async throws {
      guard !bytes.isEmpty else { return }
      let piece =
        isChunked
        ? Array(String(bytes.count, radix: 16).utf8) + [0x0D, 0x0A] + bytes + [0x0D, 0x0A] : bytes
      try await write(piece)
      sent.add(piece.count, ordering: .relaxed)
    }
    try await write(Self.header(status, fields))
    guard head?.method != .head else { return 0 }
    if let stream {
      try await produce(BodyWriter { try await put(stream.compress($0)) })
      try await put(stream.finish())
    } else {
      try await produce(BodyWriter { try await put($0) })
    }
    if isChunked { try await write(Array("0\r\n\r\n".utf8)) }
    return sent.load(ordering: .relaxed)
  }

  private static func header(_ status: HTTPResponse.Status, _ fields: HTTPFields) -> [UInt8] {
    var text = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n"
    for field in fields { text += "\(field.name): \(field.value)\r\n" }
    return Array((text + "\r\n").utf8)
  }
}

extension HTTPFields {
  /// Adds a name to the list of what the response depends on.
  fileprivate mutating func addVary(_ name: String) {
    self[.vary] = self[.vary].map { "\($0), \(name)" } ?? name
  }

  /// A compressed body is another representation, so a strong validator must be another one too.
  fileprivate mutating func markCompressed() {
    self[.contentEncoding] = "gzip"
    if let tag = self[.eTag], tag.hasPrefix("\""), tag.hasSuffix("\"") {
      self[.eTag] = tag.dropLast() + "-gzip\""
    }
  }
}
