import Foundation
import Testing
import TestSupport

/// The service over Unix sockets: to clients, and to systemd.
@Suite(.timeLimit(.minutes(20)))
struct LocalSocketTests {
  /// A socket's address, which a path fits into.
  private func withAddress<Value>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Value
  ) rethrows -> Value {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  @Test func answersAtAUnixSocket() async throws {
    let folder = try Daemon.makeFolder()
    let path = folder.file("socket")
    let daemon = try await Daemon(in: folder, "--unix", path)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    limitReading(of: descriptor)
    try #require(withAddress(path) { connect(descriptor, $0, $1) } == 0)
    let request = Array(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    #expect(write(descriptor, request, request.count) == request.count)
    var answer: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while case let count = read(descriptor, &block, block.count), count > 0 {
      answer += block[..<count]
    }
    let text = String(decoding: answer, as: UTF8.self)
    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.contains(#""status":"ok""#))
    #expect(try await daemon.end(SIGTERM) == 0)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func tellsSystemdWhenItListensAndWhenItStops() async throws {
    let folder = try Daemon.makeFolder()
    let path = folder.file("notify")
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    limitReading(of: descriptor)
    try #require(withAddress(path) { bind(descriptor, $0, $1) } == 0)
    func next() -> String {
      var block = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &block, block.count, 0)
      return String(decoding: block.prefix(max(0, count)), as: UTF8.self)
    }
    let daemon = try await Daemon(in: folder, environment: ["NOTIFY_SOCKET": path])
    #expect(next().split(separator: "\n").contains("READY=1"))
    #expect(try await daemon.end(SIGTERM) == 0)
    #expect(next().split(separator: "\n").contains("STOPPING=1"))
  }
}
