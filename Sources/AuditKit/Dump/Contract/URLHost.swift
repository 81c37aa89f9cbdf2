/// The host of a URL, as a crawl's metadata have URLs: not always well-formed.
package enum URLHost {
  /// The host in lower case, without port, name of a user and final dot; nil where there is none.
  ///
  /// RFC 3986, section 3.2, with a backslash ending the host as browsers have it.
  package static func host(of url: String) -> String? {
    let bytes = url.utf8
    guard let start = authorityStart(bytes) else { return nil }
    let rest = bytes[start...]
    let end = rest.firstIndex { "/?#\\".utf8.contains($0) } ?? bytes.endIndex
    var host = rest[..<end]
    if let user = host.lastIndex(of: UInt8(ascii: "@")) { host = host[host.index(after: user)...] }
    if host.first == UInt8(ascii: "["), let bracket = host.firstIndex(of: UInt8(ascii: "]")) {
      host = host[...bracket]
    } else if let port = host.firstIndex(of: UInt8(ascii: ":")) {
      host = host[..<port]
    }
    if host.last == UInt8(ascii: ".") { host = host.dropLast() }
    return host.isEmpty ? nil : Substring(host).lowercased()
  }

  /// Behind the `//` that follows the scheme, or begins the URL.
  private static func authorityStart(_ bytes: String.UTF8View) -> String.Index? {
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")),
      bytes[slash...].starts(with: "//".utf8)
    else { return nil }
    let scheme = bytes[..<slash]
    guard scheme.isEmpty || (scheme.last == UInt8(ascii: ":") && scheme.count > 1) else {
      return nil
    }
    return bytes.index(slash, offsetBy: 2)
  }
}
