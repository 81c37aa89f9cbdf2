import AuditDump
import AuditInspection
import AuditPixels
import Foundation
import Testing
import TestSupport

struct CrawlInspectionTests {
  private func inspect(
    _ crawl: String, _ configuration: InspectionConfiguration = InspectionConfiguration()
  ) throws -> CrawlInspection {
    try CrawlInspection(path: Repository.crawl(crawl), configuration: configuration)
  }

  @Test func whatIsInACrawlIsCounted() throws {
    let found = try inspect("shapes")
    #expect(found.format == "webdataset")
    #expect(found.pairCount == 192)
    #expect(found.rejections.isEmpty)
    #expect(found.sample.kinds == ["PNG": 96, "JPEG": 96])
    #expect(found.sample.isWhole)
    #expect(found.sample.width == found.sample.height)
    #expect(found.sample.width?.maximum == 48)
    #expect(found.captions.distinct < 192)
    #expect(found.captions.mostRepeated.first.map { $0.count > 1 } == true)
  }

  @Test func hostsAndHashesComeFromMetadata() throws {
    let found = try inspect("formats/plain")
    let hosts = try #require(found.hosts)
    #expect(hosts.knownPairs == 6)
    #expect(hosts.hostCount == 2)
    #expect(hosts.largest.map(\.name) == ["images.example", "cdn.example"])
    #expect(hosts.largest.map(\.pairs) == [4, 2])
    #expect(hosts.pairsWithIdentifier == 6 && hosts.pairsWithHash == 6)
    #expect(found.sample.hashesCompared == 6 && found.sample.hashesDiffering == 1)
    #expect(try inspect("captions").hosts == nil)
  }

  @Test func faultsOfRecordsAndOfImagesAreTold() throws {
    let found = try inspect("damaged-shards")
    #expect(found.rejections["missingCaption"] == 3)
    #expect(found.rejections["truncatedArchive"] == 1)
    let folder = try TemporaryFolder()
    try folder.write("a.png", "no image at all")
    try folder.write("a.txt", "a caption")
    let broken = try CrawlInspection(path: folder.path)
    #expect(broken.pairCount == 1)
    #expect(broken.sample.rejections == ["notAnImage": 1])
    #expect(broken.sample.width == nil)
  }

  @Test func repeatedCaptionsAndImagesAreFound() throws {
    let folder = try TemporaryFolder()
    let ramp = (0..<32 * 32 * 3).map { (place: Int) -> UInt8 in UInt8(place / 3 % 32 * 8) }
    let image = Bitmap(width: 32, height: 32, pixels: ramp)
    let other = Bitmap(width: 32, height: 32, pixels: ramp.reversed())
    try folder.write("a.jpg", image.jpeg(quality: 95))
    try folder.write("b.jpg", image.jpeg(quality: 95))
    try folder.write("c.jpg", image.jpeg(quality: 60))
    try folder.write("d.jpg", other.jpeg(quality: 95))
    for (name, caption) in [
      ("a", "Buy now!"), ("b", "Buy now!"), ("c", "buy  NOW"), ("d", "ein Hügel"),
    ] { try folder.write("\(name).txt", caption) }
    let found = try CrawlInspection(path: folder.path)
    #expect(found.sample.exactDuplicates == 2)
    #expect(found.sample.nearDuplicates == 3)
    #expect(found.captions.distinct == 3)
    #expect(found.captions.distinctNormalized == 2)
    #expect(found.captions.nonASCII == 1)
    #expect(found.captions.mostRepeated.map(\.caption) == ["Buy now!"])
    #expect(found.captions.mostRepeated.map(\.count) == [2])
    #expect(found.captions.words?.median == 2)
  }

  @Test func theSampleIsDrawnBySeedAndKeepsTheCrawlsOrder() throws {
    var configuration = InspectionConfiguration()
    configuration.sampledImages = 20
    let first = try inspect("shapes", configuration)
    #expect(first.sample.images == 20 && !first.sample.isWhole)
    #expect(try inspect("shapes", configuration) == first)
    configuration.threads = 2
    #expect(try inspect("shapes", configuration) == first)
    configuration.sampledImages = 0
    #expect(try inspect("shapes", configuration).sample.bytes == nil)
  }

  @Test func everyPairIsDrawnAboutAsOften() {
    var drawn = [Int](repeating: 0, count: 40)
    for seed in 0..<2000 {
      var sample = PairSample(size: 10, seed: UInt64(seed))
      for place in 0..<40 {
        sample.offer(
          Pair(key: "\(place)", caption: "x", image: ImageSource(file: "\(place)")))
      }
      let keys = sample.pairs.compactMap { Int($0.key) }
      #expect(keys == keys.sorted() && keys.count == 10)
      for key in keys { drawn[key] += 1 }
    }
    // 500 expected, standard deviation 19.
    #expect(drawn.allSatisfy { (400...600).contains($0) })
  }

  @Test func theLargestRepetitionsAreFoundAmongMany() {
    var census = CaptionCensus()
    for round in 0..<50 {
      for caption in 0..<500 where round < 2 || caption % 100 == 7 {
        census.count("caption \(caption)")
      }
    }
    let leaders = census.statistics.mostRepeated
    #expect(leaders.map(\.count) == [50, 50, 50, 50, 50])
    #expect(Set(leaders.map(\.caption)) == Set([7, 107, 207, 307, 407].map { "caption \($0)" }))
  }

  @Test(arguments: [
    ("https://Images.Example/a", "images.example"), ("http://u:p@a.b:80/", "a.b"),
    ("http://[2001:db8::1]:8080/x", "[2001:db8::1]"), ("https://a.b?x", "a.b"),
  ])
  func hostsAreCutFromAddresses(_ url: String, _ host: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.png", "image")
    try folder.write("captions.jsonl", #"{"image": "a.png", "text": "x", "url": "\#(url)"}"#)
    var origins: [PairOrigin?] = []
    try Crawl.reader(for: folder.path).read {
      if case .pair(let pair) = $0 { origins.append(pair.origin) }
    }
    #expect(origins.map { $0?.host } == [host])
  }
}
