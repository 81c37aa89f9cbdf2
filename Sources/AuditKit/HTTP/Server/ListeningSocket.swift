import FlyingSocks
import Foundation

/// A socket that clients connect to.
struct ListeningSocket: Sendable {
  let socket: AsyncSocket
  /// Where it listens, with the port that the system gave.
  let address: ListenAddress

  /// Connections that may wait to be accepted.
  private static let backlog: Int32 = 1024
  /// What `sockaddr_un` holds, less the NUL at its end.
  private static let longestPath = 107

  init(_ address: ListenAddress, pool: some AsyncSocketPool) throws(ListenError) {
    do {
      switch address {
      case .ipv4(let host, let port):
        (socket, self.address) = try Self.open(
          sockaddr_in.inet(ip4: host, port: port), pool, address)
      case .ipv6(let host, let port):
        (socket, self.address) = try Self.open(
          sockaddr_in6.inet6(ip6: host, port: port), pool, address)
      case .unix(let path):
        guard path.utf8.count <= Self.longestPath else {
          throw ListenError.refused(
            address, reason: "a socket's path has at most \(Self.longestPath) bytes")
        }
        try Self.removeStale(path)
        (socket, self.address) = try Self.open(sockaddr_un.unix(path: path), pool, address)
        // The folder decides who gets near; the group may talk.
        chmod(path, 0o660)
      }
    } catch let error as ListenError {
      throw error
    } catch SocketError.failed(_, let code, _) where code == EADDRINUSE {
      throw .inUse(address)
    } catch SocketError.failed(_, let code, _) {
      throw .refused(address, reason: String(cString: strerror(code)))
    } catch {
      throw .refused(address, reason: "\(error)")
    }
  }

  private static func open(
    _ socketAddress: some SocketAddress, _ pool: some AsyncSocketPool, _ address: ListenAddress
  ) throws -> (AsyncSocket, ListenAddress) {
    let socket = try Socket(domain: Int32(socketAddress.family))
    do {
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: socketAddress)
      try socket.listen(maxPendingConnection: backlog)
      let bound = try socket.sockname()
      return (try AsyncSocket(socket: socket, pool: pool), address.at(bound))
    } catch {
      try? socket.close()
      throw error
    }
  }

  /// Takes away the socket of a server that is gone; one that answers is in use, and anything else stays.
  private static func removeStale(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    // To connect to a file is refused as to a socket that nobody listens at.
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw ListenError.notASocket(path: path) }
    let probe = try Socket(domain: Int32(AF_UNIX))
    defer { try? probe.close() }
    do {
      try probe.connect(to: sockaddr_un.unix(path: path))
    } catch SocketError.failed(_, let code, _) where code == ECONNREFUSED {
      unlink(path)
      return
    }
    throw ListenError.inUse(.unix(path))
  }
}

extension ListenAddress {
  /// The address with the port that the system gave.
  fileprivate func at(_ bound: Socket.Address) -> ListenAddress {
    switch (self, bound) {
    case (.ipv4(let host, _), .ip4(_, let port)): .ipv4(host, port: port)
    case (.ipv6(let host, _), .ip6(_, let port)): .ipv6(host, port: port)
    default: self
    }
  }
}
