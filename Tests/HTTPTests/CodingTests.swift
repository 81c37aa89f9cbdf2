import AuditHTTP
import Foundation
import Testing

/// Which answers are compressed, whatever clients say about it.
@Suite(.timeLimit(.minutes(20)))
struct CodingTests {
  /// The header of an answer to `path`.
  private func header(_ path: String, accepting codings: String) async throws -> String {
    let answer = try await withServer { client, _ in
      let connection = try await client.connect()
      try await connection.send(
        "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: \(codings)\r\n\r\n"
      )
      return try await connection.restBytes()
    }
    let end = try #require(Data(answer).range(of: Data("\r\n\r\n".utf8)))
    return String(decoding: answer[..<end.lowerBound], as: UTF8.self)
  }

  @Test(arguments: [
    "gzip;q=1.0", "gzip ; q=0.001", "*", "x-gzip", "identity;q=0, *;q=0.5", "gzip, *;q=0",
    "gzip;q=0, gzip", "gzip;x=1", ";, gzip",
  ])
  func compressesWhereItIsTaken(codings: String) async throws {
    #expect(try await header("/text", accepting: codings).contains("Content-Encoding: gzip"))
  }

  @Test(arguments: [
    ";", ",", ";;", ";q=1", "", "gzip;q=0, *", "*, gzip;q=0", "gzip;q=0.0000", "gzip;q=00",
    "gzip;q=", "gzip;q=x", "gzip;q=nan", "gzip;q=2", "gzip;q=-1", "*;q=0", "gzipx", "identity",
  ])
  func doesNotWhereItIsRefused(codings: String) async throws {
    let header = try await header("/text", accepting: codings)
    #expect(header.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(!header.contains("Content-Encoding"))
    #expect(header.contains("Vary: Accept-Encoding"))
  }

  @Test func whatIsUnchangedDependsOnTheSame() async throws {
    let header = try await header("/unchanged", accepting: "gzip")
    #expect(header.hasPrefix("HTTP/1.1 304 "))
    #expect(header.contains("Vary: Accept-Encoding"))
    #expect(!header.contains("Content-"))
  }
}
