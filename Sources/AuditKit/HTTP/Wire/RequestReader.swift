import Foundation

/// Reads requests from a connection, one after the other, within the limits.
struct RequestReader {
  private var buffer: ConnectionBuffer
  private let limits: HTTPLimits
  private let deadline: ConnectionDeadline

  init(buffer: ConnectionBuffer, limits: HTTPLimits, deadline: ConnectionDeadline) {
    self.buffer = buffer
    self.limits = limits
    self.deadline = deadline
  }

  /// The next head; nil where the client ends the connection, or is silent for too long, between two.
  mutating func head() async throws -> RequestHead? {
    deadline.set(.idle, seconds: limits.idleSeconds)
    repeat {
      // An empty line before a request is left over from an older client (RFC 9112, section 2.2).
      while buffer.unused.starts(with: [0x0D, 0x0A]) { buffer.consume(2) }
      if !buffer.isEmpty { break }
      guard try await buffer.fill() else { return nil }
    } while true
    deadline.set(.reading, seconds: limits.headSeconds)
    var searched = 0
    while true {
      let unused = buffer.unused
      if let end = Self.headEnd(unused, from: max(0, searched - 3)) {
        guard end - unused.startIndex <= limits.maximumHeadBytes else { throw tooLarge(unused) }
        let head = try RequestHeadParser(limits: limits).head(unused[..<(end + 2)])
        buffer.consume(end + 4 - unused.startIndex)
        return head
      }
      guard unused.count <= limits.maximumHeadBytes else { throw tooLarge(unused) }
      searched = unused.count
      try await fill()
    }
  }

  /// The body that a head announces, without its framing; `lease` grows as it comes in.
  mutating func body(
    of head: RequestHead, limit: Int, _ lease: BodyBudget.Lease
  ) async throws -> [UInt8] {
    switch head.framing {
    case .none: return []
    case .length(let length):
      setBodyDeadline(length)
      return try await take(length, lease)
    case .chunked:
      setBodyDeadline(limit)
      return try await chunks(limit: limit, lease)
    }
  }

  private func setBodyDeadline(_ bytes: Int) {
    deadline.set(
      .reading, seconds: limits.bodySeconds + Double(bytes) / limits.slowestBytesPerSecond)
  }

  private mutating func take(
    _ count: Int, _ lease: BodyBudget.Lease
  ) async throws -> [UInt8] {
    var taken: [UInt8] = []
    while true {
      let part = buffer.unused.prefix(count - taken.count)
      try lease.grow(by: part.count)
      taken += part
      buffer.consume(part.count)
      if taken.count == count { return taken }
      try await fill()
    }
  }

  /// RFC 9112, section 7.1; extensions and trailers are read and forgotten.
  private mutating func chunks(
    limit: Int, _ lease: BodyBudget.Lease
  ) async throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let line = try await self.line()
      let digits = line.prefix { $0 != UInt8(ascii: ";") }
      guard !digits.isEmpty, digits.count <= 8,
        let text = String(validating: digits, as: UTF8.self),
        text.utf8.allSatisfy(Self.isHexadecimal), let size = Int(text, radix: 16)
      else { throw RequestFault.malformed(reason: "a chunk has no size") }
      guard size > 0 else { break }
      guard body.count + size <= limit else { throw RequestFault.bodyTooLarge(limit: limit) }
      body += try await take(size, lease)
      guard try await take(2, lease) == [0x0D, 0x0A] else {
        throw RequestFault.malformed(reason: "a chunk does not end where it should")
      }
    }
    var trailers = 0
    while try await !line().isEmpty {
      trailers += 1
      guard trailers <= limits.maximumFieldCount else {
        throw RequestFault.tooManyFields(limit: limits.maximumFieldCount)
      }
    }
    return body
  }

  /// A line of the chunked coding without its CR LF.
  private mutating func line() async throws -> [UInt8] {
    while true {
      let unused = buffer.unused
      if let end = unused.firstIndex(of: 0x0A) {
        guard end > unused.startIndex, unused[end - 1] == 0x0D else {
          throw RequestFault.malformed(reason: "a line does not end with CR LF")
        }
        let line = Array(unused[..<(end - 1)])
        buffer.consume(end + 1 - unused.startIndex)
        return line
      }
      guard unused.count <= limits.maximumHeadBytes else {
        throw RequestFault.malformed(reason: "a chunk's line is too long")
      }
      try await fill()
    }
  }

  /// Waits for more of a request that has begun.
  private mutating func fill() async throws {
    guard try await buffer.fill() else {
      throw deadline.wasLate ? RequestFault.timeout : ConnectionFault.disconnected
    }
  }

  private func tooLarge(_ bytes: ArraySlice<UInt8>) -> RequestFault {
    bytes.prefix(limits.maximumHeadBytes).contains(0x0A)
      ? .headTooLarge(limit: limits.maximumHeadBytes)
      : .targetTooLong(limit: limits.maximumHeadBytes)
  }

  /// Where CR LF CR LF begins.
  private static func headEnd(_ bytes: ArraySlice<UInt8>, from offset: Int) -> Int? {
    var at = bytes.startIndex + offset
    while at + 3 < bytes.endIndex {
      if bytes[at + 3] == 0x0A, bytes[at + 2] == 0x0D, bytes[at + 1] == 0x0A, bytes[at] == 0x0D {
        return at
      }
      at += 1
    }
    return nil
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
