import FlyingSocks
import Foundation

/// Where a server listens.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
  /// A TCP port of an IPv4 address; port 0 takes any free one.
  case ipv4(String, port: UInt16)
  /// A TCP port of an IPv6 address.
  case ipv6(String, port: UInt16)
  /// A Unix socket at a path.
  case unix(String)

  /// Reads "127.0.0.1:8787", "[::1]:8787" or "localhost:8787"; nil for anything else.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    let host = String(text[..<colon])
    if host == "localhost" {
      self = .ipv4("127.0.0.1", port: port)
    } else if host.hasPrefix("["), host.hasSuffix("]") {
      let address = String(host.dropFirst().dropLast())
      var parsed = in6_addr()
      guard inet_pton(AF_INET6, address, &parsed) == 1 else { return nil }
      self = .ipv6(address, port: port)
    } else {
      var parsed = in_addr()
      guard inet_pton(AF_INET, host, &parsed) == 1 else { return nil }
      self = .ipv4(host, port: port)
    }
  }

  /// Whether only this machine reaches it.
  public var isLocal: Bool {
    switch self {
    case .ipv4(let host, _): host.hasPrefix("127.")
    case .ipv6(let host, _): host == "::1"
    case .unix: true
    }
  }

  /// As the command line takes it.
  public var description: String {
    switch self {
    case .ipv4(let host, let port): "\(host):\(port)"
    case .ipv6(let host, let port): "[\(host)]:\(port)"
    case .unix(let path): path
    }
  }
}

/// Why a server cannot listen.
public enum ListenError: Error, CustomStringConvertible, Equatable {
  /// Somebody else does.
  case inUse(ListenAddress)
  /// Something else lies where the socket is to be.
  case notASocket(path: String)
  /// The system refuses.
  case refused(ListenAddress, reason: String)

  /// What was wrong and what to do.
  public var description: String {
    switch self {
    case .inUse(let address):
      "\(address) is in use by another program. Stop it, or listen elsewhere."
    case .notASocket(let path):
      "\(path) is there and is not a socket. It stays as it is; choose another path."
    case .refused(let address, let reason):
      "Listening at \(address) failed: \(reason)."
    }
  }
}
