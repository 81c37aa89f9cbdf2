import AuditReport

/// Pieces of a crawl that could not become pairs.
package enum RejectionText {
  package static func lines(_ rejections: [RejectionRecord], style: TerminalStyle) -> [String] {
    guard !rejections.isEmpty else { return ["nothing was rejected"] }
    var table = Table([("reason", .left), ("source", .left), ("what", .flexible)])
    for rejection in rejections {
      let place = rejection.offset.map { " at byte \($0)" } ?? ""
      table.add([rejection.reason, rejection.source + place, rejection.message])
    }
    return table.lines(width: style.width, style: style)
  }
}
