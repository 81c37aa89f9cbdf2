import AuditDump
import Foundation
import Testing

/// Crawls that only developers' machines have.
struct RealCrawlTests {
  @Test(.enabled(if: Fixtures.exists(Fixtures.photos), "../shared/photos is not on this machine"))
  func allPhotosAreRead() throws {
    let reading = try Reading(Fixtures.photos)
    #expect(reading.rejections == [])
    #expect(reading.pairs.count == 8089)
    #expect(Set(reading.pairs.map(\.key)).count == 8089)
    let first = try #require(reading.pairs.first)
    #expect(first.key == "1000268201_693b08cb0e")
    #expect(
      first.caption == "A child in a pink dress is climbing up a set of stairs in an entry way .")
    let files = ImageFiles()
    for pair in reading.pairs {
      let bytes = try files.bytes(of: pair.image)
      #expect(bytes.starts(with: [0xFF, 0xD8, 0xFF]) && bytes.suffix(2) == [0xFF, 0xD9])
    }
  }

  @Test(
    .enabled(if: Fixtures.exists(Fixtures.products), "../shared/products is not on this machine"))
  func allProductsAreRead() throws {
    let reading = try Reading(Fixtures.products)
    #expect(reading.rejections == [])
    #expect(reading.pairs.count == 44_072)
    #expect(Set(reading.pairs.map(\.key)).count == 44_072)
  }
}
