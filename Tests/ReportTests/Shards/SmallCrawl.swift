import AuditDump
import AuditFiles
import AuditReport
import TestSupport

/// A crawl of made-up shards in a temporary folder, and a finished report about it.
struct SmallCrawl {
  let folder: TemporaryFolder
  let report: ReportFixture
  let run: Int64

  /// Names and contents of the members of each shard; every pair whose caption begins with "safe" is in the safe set.
  init(
    _ shards: [String: [(String, String)]], configuration: CrawlConfiguration = .init()
  ) throws {
    let folder = try TemporaryFolder()
    for (name, members) in shards {
      try Self.write(members, to: folder.file("crawl/\(name)"))
    }
    try self.init(in: folder, reading: folder.file("crawl"), configuration)
  }

  /// A report about a crawl that lies in the folder already.
  init(
    in folder: TemporaryFolder, reading crawl: String, _ configuration: CrawlConfiguration = .init()
  ) throws {
    self.folder = folder
    report = try ReportFixture()
    var pairs: [PairRecord] = []
    try Crawl.reader(for: crawl, configuration: configuration).read { record in
      guard case .pair(let pair) = record else { return }
      pairs.append(
        PairRecord(
          key: pair.key, caption: pair.caption, sourcePath: pair.image.path,
          sourceMember: pair.image.member, sourceOffset: pair.image.offset,
          sourceLength: pair.image.length,
          imageSHA256: ContentDigest(of: try ImageFiles().bytes(of: pair.image)).bytes))
    }
    run = try report.store.beginRun(.make(crawl: crawl))
    try report.store.replacePairs(of: run, with: pairs)
    let count = pairs.count
    let risks = (0..<count).map { 1 - Double($0) / Double(max(1, count)) }
    try report.store.finishRun(
      run,
      scores: PairScores(
        similarities: risks.map { Float(1 - $0) }, posteriors: risks.map { 1 - $0 }, risks: risks),
      safeSet: SafeSetBitmap(pairs.map { $0.caption.hasPrefix("safe") }))
  }

  /// Writes a shard, or writes it anew.
  func write(_ members: [(String, String)], to name: String) throws {
    try Self.write(members, to: folder.file("crawl/\(name)"))
  }

  private static func write(_ members: [(String, String)], to path: String) throws {
    try Folder.create(Folder.parent(of: path))
    var writer = try TarWriter(path: path)
    for (name, text) in members { try writer.append(name, Array(text.utf8)) }
    try writer.finish()
  }

  /// Exports into `out`.
  @discardableResult
  func export(
    _ choice: PairChoice, pairsPerShard: Int = 10_000, replaces: Bool = false,
    to name: String = "out"
  ) throws -> ShardExport.Summary {
    let export = ShardExport(
      choice, folder: folder.file(name), pairsPerShard: pairsPerShard, replaces: replaces)
    return try report.read { try $0.exportShards(export, of: run) }
  }

  /// Names and contents of an exported shard's members.
  func members(of shard: String) throws -> [String] {
    let file = try PositionedFile(path: folder.file(shard))
    var archive = TarArchive(file: file)
    var members: [String] = []
    while let event = try archive.next() {
      guard case .member(let member) = event else { continue }
      let bytes = try file.read(at: member.dataOffset, count: Int(member.byteCount))
      members.append(
        String(decoding: member.name, as: UTF8.self) + "=" + String(decoding: bytes, as: UTF8.self))
    }
    return members
  }
}
