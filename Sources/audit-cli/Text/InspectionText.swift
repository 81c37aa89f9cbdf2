import AuditInspection
import AuditReport

/// What is in a crawl, as a person reads it.
package enum InspectionText {
  package static func lines(_ inspection: CrawlInspection, style: TerminalStyle) -> [String] {
    var sections = [
      ("Crawl", crawl(inspection)),
      ("Captions", captions(inspection.captions, of: inspection.pairCount, style: style)),
    ]
    if let hosts = inspection.hosts {
      sections.append(("Origin", origin(hosts, of: inspection.pairCount, style: style)))
    }
    if inspection.sample.images > 0 {
      let title =
        inspection.sample.isWhole
        ? "Images" : "Images, of a sample of \(Quantity.count(inspection.sample.images))"
      sections.append((title, images(inspection.sample)))
    }
    if !inspection.rejections.isEmpty {
      sections.append(("Not usable", counts(inspection.rejections)))
    }
    return Array(
      sections.flatMap { title, lines in
        [style.colored(title, .bold)] + lines.map { "  " + $0 } + [""]
      }.dropLast())
  }

  /// The hosts that a report finds riskier than the rest.
  package static func hosts(_ hosts: [HostRow], style: TerminalStyle) -> [String] {
    let title = style.colored("Hosts riskier than the rest", .bold)
    guard !hosts.isEmpty else { return [title, "  none, beyond chance"] }
    var table = Table([
      ("pairs", .right), ("not safe", .right), ("others", .right), ("p", .right),
      ("host", .flexible),
    ])
    for host in hosts {
      table.add([
        Quantity.count(host.pairCount), Quantity.share(host.riskyShare),
        Quantity.share(host.riskyShareOfOthers ?? .nan),
        host.pValue < 0.0001 ? "below 0.0001" : Quantity.decimal(host.pValue, digits: 4),
        host.host,
      ])
    }
    return [title] + table.lines(width: style.width - 2, style: style).map { "  " + $0 }
  }

  private static func crawl(_ inspection: CrawlInspection) -> [String] {
    let rejected = inspection.rejections.values.reduce(0, +)
    return [
      "\(TerminalText.escaped(inspection.path)): \(inspection.format)",
      "\(Quantity.count(inspection.pairCount)) pairs, "
        + "\(Quantity.count(rejected)) records that are none",
    ]
  }

  private static func captions(
    _ captions: CaptionStatistics, of pairCount: Int, style: TerminalStyle
  ) -> [String] {
    var lines: [String] = []
    if let words = captions.words { lines.append("words          \(spread(words))") }
    if let characters = captions.characters {
      lines.append("characters     \(spread(characters))")
    }
    lines.append(
      "different      \(Quantity.count(captions.distinct)), "
        + "\(Quantity.count(captions.distinctNormalized)) but for case and punctuation")
    lines.append("not in ASCII   \(count(captions.nonASCII, of: pairCount))")
    guard !captions.mostRepeated.isEmpty else { return lines }
    var table = Table([("pairs", .right), ("most repeated", .flexible)])
    for repeated in captions.mostRepeated {
      table.add([Quantity.count(repeated.count), repeated.caption])
    }
    return lines + table.lines(width: style.width - 2, style: style)
  }

  private static func origin(
    _ hosts: HostStatistics, of pairCount: Int, style: TerminalStyle
  ) -> [String] {
    var lines = [
      "address        \(count(hosts.knownPairs, of: pairCount))",
      "identifier     \(count(hosts.pairsWithIdentifier, of: pairCount))",
      "hash           \(count(hosts.pairsWithHash, of: pairCount))",
      "hosts          \(Quantity.count(hosts.hostCount))",
    ]
    guard !hosts.largest.isEmpty else { return lines }
    var table = Table([("pairs", .right), ("host", .flexible)])
    for host in hosts.largest { table.add([Quantity.count(host.pairs), host.name]) }
    lines += table.lines(width: style.width - 2, style: style)
    return lines
  }

  private static func images(_ sample: ImageStatistics) -> [String] {
    let kinds = sample.kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\(Quantity.count($0.value)) \($0.key)" }.joined(separator: ", ")
    var lines = [kinds.isEmpty ? "none can be decoded" : kinds]
    if let width = sample.width, let height = sample.height, let bytes = sample.bytes {
      lines += [
        "width          \(spread(width))", "height         \(spread(height))",
        "bytes          \(spread(bytes))",
      ]
    }
    lines.append(
      "duplicates     \(count(sample.exactDuplicates, of: sample.images)) byte for byte, "
        + "\(count(sample.nearDuplicates, of: sample.images)) look alike")
    if sample.hashesCompared > 0 {
      lines.append(
        "other bytes    \(count(sample.hashesDiffering, of: sample.hashesCompared)) than the hash")
    }
    return lines + counts(sample.rejections)
  }

  private static func counts(_ counts: [String: Int]) -> [String] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key.padded(to: 18)) \(Quantity.count($0.value))" }
  }

  private static func count(_ part: Int, of whole: Int) -> String {
    let share = whole > 0 ? Double(part) / Double(whole) : 0
    return "\(Quantity.count(part)) (\(Quantity.share(share)))"
  }

  private static func spread(_ spread: Spread) -> String {
    "\(Quantity.count(spread.minimum)) to \(Quantity.count(spread.maximum)), half up to "
      + "\(Quantity.count(spread.median)), 95 % up to \(Quantity.count(spread.percentile95))"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
