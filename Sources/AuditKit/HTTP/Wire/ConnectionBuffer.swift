import FlyingSocks

/// Bytes that came in on a connection and were not used yet.
struct ConnectionBuffer {
  private let socket: AsyncSocket
  private var bytes: [UInt8] = []
  private var start = 0

  init(socket: AsyncSocket) { self.socket = socket }

  /// What has come and was not used.
  var unused: ArraySlice<UInt8> { bytes[start...] }

  var isEmpty: Bool { start == bytes.count }

  /// Waits for more; false at the end of what the client sends.
  mutating func fill() async throws -> Bool {
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    do {
      bytes += try await socket.read(atMost: 4096)
      return true
    } catch SocketError.disconnected {
      return false
    }
  }

  /// Marks bytes as used.
  mutating func consume(_ count: Int) { start += count }
}
