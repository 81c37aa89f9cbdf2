import AuditFiles
import AuditHTTP
import Crypto
import Foundation
import HTTPTypes

/// Who may call the service.
struct AccessControl: Sendable {
  /// Whether clients must show a token.
  var needsToken: Bool { tokenDigest != nil }

  private let tokenDigest: SHA256.Digest?
  private let sessionDigest: SHA256.Digest?
  private let session: String?
  private let hosts: Set<String>

  static let cookieName = "auditd_session"

  /// - Parameters:
  ///   - token: What clients must send; nil lets everybody in who reaches the service.
  ///   - hosts: Names, without ports, by which browsers may call it.
  init(token: String?, hosts: Set<String>) {
    self.hosts = hosts
    tokenDigest = token.map { SHA256.hash(data: Data($0.utf8)) }
    // A cookie that follows from the token lives as long as the token, over restarts, and does not tell it.
    session = token.map { token in
      let code = HMAC<SHA256>.authenticationCode(
        for: Data("auditd browser session".utf8), using: SymmetricKey(data: Data(token.utf8)))
      return Array(code).hexadecimal
    }
    sessionDigest = session.map { SHA256.hash(data: Data($0.utf8)) }
  }

  /// Refuses what another site's page sends, and what does not show the token.
  ///
  /// - Throws: `Problem`.
  func check(_ head: RequestHead, isPublic: Bool) throws(Problem) {
    try checkSite(head)
    guard !isPublic, needsToken else { return }
    if let token = Self.bearer(head), isToken(token) { return }
    if let cookie = Self.cookie(head), SHA256.hash(data: Data(cookie.utf8)) == sessionDigest {
      return
    }
    throw Problem(.unauthorized, "Send the token as “Authorization: Bearer …”.")
  }

  /// Whether it is the token; both sides are hashed, so that the time taken tells nothing.
  func isToken(_ text: String) -> Bool { SHA256.hash(data: Data(text.utf8)) == tokenDigest }

  /// The header field that opens a browser's session.
  var sessionCookie: String? {
    session.map { "\(Self.cookieName)=\($0); Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000" }
  }

  /// The one that closes it.
  static let endedCookie = "\(cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"

  /// A page of another site can make a browser call this service: under the name of its own that leads here (the
  /// Host then is that name), or across sites (the Origin then is the other site).
  private func checkSite(_ head: RequestHead) throws(Problem) {
    let host = head.fields[.hostField]
    if let host, !hosts.contains(Self.name(of: host)) {
      throw Problem(
        .forbidden,
        "The service is not called “\(host.prefix(100))”. Start it with --allow-host to add a name."
      )
    }
    guard head.method != .get, head.method != .head, let origin = head.fields[.origin] else {
      return
    }
    let site = origin.split(separator: "/", maxSplits: 2).last.map(String.init) ?? origin
    guard site.lowercased() == host?.lowercased() else {
      throw Problem(.forbidden, "The request comes from a page of another site.")
    }
  }

  /// A host without its port.
  private static func name(of host: String) -> String {
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      return String(host[...end]).lowercased()
    }
    return String(host.prefix { $0 != ":" }).lowercased()
  }

  private static func bearer(_ head: RequestHead) -> String? {
    guard let value = head.fields[.authorization] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1].trimmingCharacters(in: .whitespaces)
  }

  private static func cookie(_ head: RequestHead) -> String? {
    head.fields[values: .cookie].flatMap { $0.split(separator: ";") }.lazy
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .first { $0.hasPrefix(cookieName + "=") }
      .map { String($0.dropFirst(cookieName.count + 1)) }
  }
}
