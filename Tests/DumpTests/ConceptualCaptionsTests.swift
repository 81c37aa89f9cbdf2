import AuditDump
import Foundation
import Testing
import TestSupport

/// The TSV of Conceptual Captions beside images that downloaders named each in their own way.
struct ConceptualCaptionsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ rows: [String], _ images: [String]) throws {
    try folder.write("train.tsv", rows.joined(separator: "\n") + "\n")
    for image in images { try folder.write(image, "image") }
  }

  /// `caption image` of each pair.
  private func read() throws -> (pairs: [String], findings: [String], formatName: String) {
    let reader = try Crawl.reader(for: folder.path)
    let reading = try Reading(reader)
    return (reading.pairs.map { "\($0.caption) \($0.key)" }, reading.findings, reader.formatName)
  }

  @Test func numbersThatAreNamesInAddressesAreNotTakenForTheNumbersOfRows() throws {
    let numbers = (0..<24).map { $0 * 5 % 24 }
    try write(
      numbers.map { "caption \($0)\thttp://h.example/\($0).jpg" }, numbers.map { "\($0).png" })
    let found = try read()
    #expect(found.pairs == numbers.map { "caption \($0) \($0).png" })
    #expect(found.formatName.hasSuffix("named by the address's last component"))
  }

  @Test func imagesThatSeveralRowsClaimAreNobodys() throws {
    try write(
      [
        "one\thttp://x.example/a/image.jpg", "two\thttp://y.example/b/image.jpg",
        "three\thttp://z.example/1.jpg", "four\thttp://z.example/0.jpg",
        "five\thttp://z.example/0.jpg",
      ], ["image.jpg", "0.jpg", "1.jpg"])
    let found = try read()
    // Two captions of one address are two captions of one image.
    #expect(found.pairs == ["three 1.jpg", "four 0.jpg", "five 0.jpg#2"])
    #expect(found.findings == ["train.tsv:1 missingImage", "train.tsv:2 missingImage"])
  }

  @Test func namesThatFilesInSeveralFoldersHaveMatchNone() throws {
    try write(
      ["one\thttp://x.example/a/image.jpg", "two\thttp://y.example/b/other.jpg"],
      ["a/image.jpg", "b/image.jpg", "b/other.jpg", "b/other.txt.tsv"])
    let found = try read()
    #expect(found.pairs == ["two b/other.jpg"])
    #expect(found.findings == ["train.tsv:1 missingImage"])
  }

  @Test func oneNamingHoldsForTheWholeList() throws {
    // Row 0 has no image: that a file of another row has its address's name is chance.
    try write(
      (0..<6).map { "caption \($0)\thttp://h.example/\($0 + 1).jpg" },
      (1..<6).map { "00000000\($0).jpg" } + ["1.jpg"])
    let found = try read()
    #expect(found.pairs == (1..<6).map { "caption \($0) 00000000\($0).jpg" })
    #expect(found.findings == ["train.tsv:1 missingImage"])
  }

  @Test func numbersOfRowsAreTakenWhereNamesInAddressesExplainLess() throws {
    try write(
      (0..<9).map { "caption \($0)\thttp://h.example/\($0)/\($0 % 2).jpg" },
      (0..<8).map { "\($0).jpg" })
    let found = try read()
    #expect(found.pairs == (0..<8).map { "caption \($0) \($0).jpg" })
    #expect(found.findings == ["train.tsv:9 missingImage"])
  }

  @Test(arguments: ["caption\turl", "\u{FEFF}Caption\tURL"])
  func aHeaderMayNameTheColumns(_ header: String) throws {
    try write(
      [header, "zero\thttp://x.example/a", "one\thttp://x.example/b"],
      ["000000000.jpg", "000000001.jpg"])
    #expect(try read().pairs == ["zero 000000000.jpg", "one 000000001.jpg"])
    #expect(try Reading(folder.file("train.tsv")).pairs.count == 2)
  }

  @Test func aHeaderMayNameTheAddressFirstAndFurtherColumns() throws {
    try write(
      ["url\twidth\tcaption", "http://x.example/a.jpg\t3\tzero", "http://x.example/b.jpg\t3"],
      ["a.jpg", "b.jpg"])
    let found = try read()
    #expect(found.pairs == ["zero a.jpg"])
    #expect(found.findings == ["train.tsv:3 malformedRow"])
  }

  @Test func labelsBehindTheAddressArePassedOver() throws {
    try write(["a\thttp://x.example/a.jpg\tdog,cat\t/m/1,/m/2\t0.9,0.8"], ["0.jpg"])
    #expect(try read().pairs == ["a 0.jpg"])
  }

  @Test func aTableThatNamesImagesIsACaptionFile() throws {
    try write(["image\tcaption\turl", "a.jpg\ta\thttp://x.example/b.jpg"], ["a.jpg", "b.jpg"])
    #expect(try read().pairs == ["a a.jpg"])
    #expect(try Crawl.reader(for: folder.file("train.tsv")).formatName == "caption file")
  }

  @Test func captionsBesideImagesAreReadRatherThanTheListTheyWereFetchedBy() throws {
    try write(["caption\turl", "of the list\thttp://x.example/a.jpg"], ["000000000.jpg"])
    try folder.write("000000000.txt", "beside")
    #expect(try read().pairs == ["beside 000000000"])
  }
}
