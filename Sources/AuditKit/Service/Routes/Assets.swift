import AuditHTTP
import Foundation
import HTTPTypes

/// Files that the service gives out as they are: the dashboard, the API's description.
struct Assets: Sendable {
  /// A file with its media type and validator.
  struct Asset: Sendable {
    let type: String
    let body: [UInt8]
    let tag: String
  }

  private let assets: [String: Asset]
  private let chartFile: String

  /// Pages may run the service's own scripts and talk to the service, and nothing else.
  static let pagePolicy = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    """

  /// - Parameter chartFile: Chart.js as Debian installs it; the dashboard does without where it is missing.
  init(chartFile: String) {
    self.chartFile = chartFile
    assets = Dictionary(
      uniqueKeysWithValues: EmbeddedFiles.all.map { path, body in
        (path, Asset(type: Self.type(of: path), body: body, tag: EntityTag.tag(of: body)))
      })
  }

  /// The file at a path of the service.
  ///
  /// - Throws: `Problem` where there is none.
  func response(_ path: String) throws(Problem) -> Response {
    if path == "/assets/chart.js" { return try chart() }
    guard let asset = assets[path] else {
      throw Problem(.notFound, "There is no such file.")
    }
    var fields: HTTPFields = [
      .contentType: asset.type, .eTag: asset.tag, .cacheControl: "no-cache",
    ]
    if asset.type.hasPrefix("text/html") { fields[.contentSecurityPolicy] = Self.pagePolicy }
    return Response(status: .ok, fields: fields, body: .bytes(asset.body))
  }

  private func chart() throws(Problem) -> Response {
    guard let data = FileManager.default.contents(atPath: chartFile) else {
      throw Problem(
        .notFound,
        "Chart.js is not at \(chartFile). Install Debian's libjs-chart.js, or set chartFile.")
    }
    let body = [UInt8](data)
    return Response(
      status: .ok,
      fields: [
        .contentType: "text/javascript; charset=utf-8", .eTag: EntityTag.tag(of: body),
        .cacheControl: "no-cache",
      ], body: .bytes(body))
  }

  private static func type(of path: String) -> String {
    switch path.split(separator: ".").last {
    case "js"?: "text/javascript; charset=utf-8"
    case "css"?: "text/css; charset=utf-8"
    case "json"?: "application/json"
    case "svg"?: "image/svg+xml"
    default: "text/html; charset=utf-8"
    }
  }
}
