import AuditFiles
import AuditHTTP
import Crypto
import Foundation
import HTTPTypes

/// Validators of what clients keep (RFC 9110, sections 8.8.3 and 13.1.2).
enum EntityTag {
  /// A strong validator: the same for the same bytes, and for no others.
  static func tag(of body: [UInt8]) -> String {
    "\"" + Array(SHA256.hash(data: Data(body)).prefix(12)).hexadecimal + "\""
  }

  /// The response, or "not modified" where the client has it already.
  ///
  /// A compressed body has the same validator with "-gzip" at its end.
  static func conditional(_ response: Response, for head: RequestHead) -> Response {
    guard response.status == .ok, head.method == .get || head.method == .head,
      let tag = response.fields[.eTag]
    else { return response }
    let given = head.fields[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .map { $0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0 }
    let compressed = tag.dropLast() + "-gzip\""
    guard let match = given.first(where: { $0 == "*" || $0 == tag || $0 == compressed }) else {
      return response
    }
    var fields = response.fields
    fields[.eTag] = match == "*" ? tag : match
    return Response(status: .notModified, fields: fields)
  }
}
