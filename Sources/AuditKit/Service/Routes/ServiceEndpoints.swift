import AuditHTTP
import AuditKit
import Foundation
import HTTPTypes
import Logging

extension ServiceContext {
  /// Answers GET /healthz.
  func getHealth(_ call: Call) async throws -> Response {
    try Self.response(HealthDocument(status: "ok", version: Host.version))
  }

  /// Answers GET /readyz.
  func getReadiness(_ call: Call) async throws -> Response {
    let reason: String?
    do {
      try store.check()
      _ = try await folder.names()
      try await reportWork.run { try probe.check() }
      reason = await jobs.isStopping ? "the service is stopping" : nil
    } catch {
      reason = "the report folder cannot be written"
      logger.error("not ready", metadata: ["error": "\(error)"])
    }
    return try Self.response(
      HealthDocument(
        status: reason == nil ? "ok" : "unavailable", version: Host.version, reason: reason),
      status: reason == nil ? .ok : .serviceUnavailable)
  }

  /// Answers GET /metrics.
  func getMetrics(_ call: Call, connections: Int) async throws -> Response {
    let text = metrics.text(jobs: await jobs.counts, connections: connections)
    return Response(
      status: .ok,
      fields: [
        .contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store",
      ], body: .bytes(Array(text.utf8)))
  }

  /// Answers POST /v1/session.
  func openSession(_ call: Call) async throws -> Response {
    let body = try call.object(fields: ["token"])
    guard let token = try body.text("token", in: 1...4096) else {
      throw Problem(.invalidBody, "“token” is missing.")
    }
    guard let cookie = access.sessionCookie else {
      // Nobody needs one; whoever asks may go on.
      return Response(status: .noContent)
    }
    guard access.isToken(token) else {
      throw Problem(.unauthorized, "The token is wrong.")
    }
    return Response(status: .noContent, fields: [.setCookie: cookie, .cacheControl: "no-store"])
  }

  /// Answers DELETE /v1/session.
  func closeSession(_ call: Call) async throws -> Response {
    Response(
      status: .noContent,
      fields: [.setCookie: AccessControl.endedCookie, .cacheControl: "no-store"])
  }
}

/// What health checks get.
private struct HealthDocument: Encodable {
  var status: String
  var version: String
  var reason: String?
}
