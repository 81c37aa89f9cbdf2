import Foundation
import Testing

/// Ends reads of a socket after five minutes: one that waits for ever would take a thread from all tests.
func limitReading(of descriptor: Int32) {
  var limit = timeval(tv_sec: 300, tv_usec: 0)
  setsockopt(
    descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
}

/// A TCP connection on which a test says exactly what it wants.
final class RawConnection: Sendable {
  private let descriptor: Int32

  /// Connects to a daemon; nil where nobody listens.
  init?(_ daemon: Daemon) throws {
    let port = UInt16(try #require(daemon.url.port))
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    limitReading(of: descriptor)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
    }
    guard connected == 0 else { return nil }
  }

  deinit { close(descriptor) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
  }

  /// What comes until the service ends the connection.
  func rest() -> String {
    var answer: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while case let count = Foundation.read(descriptor, &block, block.count), count > 0 {
      answer += block[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  /// What comes up to a text, or to the end.
  func read(until end: String) -> String {
    var answer = ""
    var byte: UInt8 = 0
    while !answer.hasSuffix(end), Foundation.read(descriptor, &byte, 1) == 1 {
      answer.unicodeScalars.append(Unicode.Scalar(byte))
    }
    return answer
  }
}
