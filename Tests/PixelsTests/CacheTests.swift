import AuditPixels
import Foundation
import Synchronization
import Testing

@Suite struct CacheTests {
  private let configuration = ThumbnailConfiguration(edgePixels: 5)

  private func open(_ folder: String) throws -> ThumbnailCache {
    try ThumbnailCache(folder: folder, configuration: configuration)
  }

  private func append(_ numbers: Range<Int>, to cache: ThumbnailCache) throws {
    for number in numbers { _ = try CacheProbe.append(number, to: cache) }
  }

  /// How many of the numbers are there; all that are must be intact.
  private func present(_ numbers: Range<Int>, in cache: ThumbnailCache) throws -> Int {
    try numbers.count { try CacheProbe.isPresent($0, in: cache) }
  }

  @Test func thumbnailsSurviveReopening() throws {
    try Fixture.withTemporaryFolder { folder in
      // More than the table's first size.
      let cache = try open(folder)
      try append(0..<1500, to: cache)
      #expect(try present(0..<1500, in: cache) == 1500)
      #expect(try cache.thumbnail(of: CacheProbe.digest(1500)) == nil)
      let again = try open(folder + "/")
      #expect(again.count == 1500)
      #expect(try present(0..<1600, in: again) == 1500)
      let thumbnail = try #require(try again.thumbnail(of: CacheProbe.digest(7)))
      #expect(thumbnail.index == 7)
      #expect(thumbnail.originalWidth == 107 && thumbnail.originalHeight == 7)
    }
  }

  @Test func oneImageHasOneThumbnail() throws {
    try Fixture.withTemporaryFolder { folder in
      let cache = try open(folder)
      let first = try CacheProbe.append(3, to: cache)
      #expect(try CacheProbe.append(3, to: cache) == first)
      #expect(cache.count == 1)
    }
  }

  @Test func configurationsDoNotMix() throws {
    try Fixture.withTemporaryFolder { folder in
      try append(0..<3, to: open(folder))
      let squash = try ThumbnailCache(
        folder: folder, configuration: ThumbnailConfiguration(edgePixels: 5, fit: .squash))
      #expect(squash.count == 0)
      let larger = try ThumbnailCache(
        folder: folder, configuration: ThumbnailConfiguration(edgePixels: 6))
      #expect(larger.count == 0)
    }
  }

  @Test func threadsMayAppendAtTheSameTime() throws {
    try Fixture.withTemporaryFolder { folder in
      let large = ThumbnailConfiguration(edgePixels: 96)
      let caches = try (0..<2).map { _ in
        try ThumbnailCache(folder: folder, configuration: large)
      }
      let failures = Mutex(0)
      // Two openings, as two processes would have, and every image offered four times.
      DispatchQueue.concurrentPerform(iterations: 4000) { iteration in
        do {
          _ = try CacheProbe.append(iteration / 4, to: caches[iteration % 2])
        } catch {
          failures.withLock { $0 += 1 }
        }
      }
      #expect(failures.withLock { $0 } == 0)
      let again = try ThumbnailCache(folder: folder, configuration: large)
      #expect(again.count == 1000)
      for cache in caches + [again] { #expect(try present(0..<1000, in: cache) == 1000) }
    }
  }

  @Test func indexCutAtAnyByteKeepsTheRecordsBefore() throws {
    try Fixture.withTemporaryFolder { folder in
      try append(0..<4, to: open(folder))
      let path = "\(folder)/\(configuration.cacheName).index"
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for cut in 1...(3 * 64) {
        try whole.dropLast(cut).write(to: URL(fileURLWithPath: path))
        let cache = try open(folder)
        let kept = 4 - (cut + 63) / 64
        #expect(cache.count == kept, "cut by \(cut)")
        #expect(try present(0..<4, in: cache) == kept)
        try append(0..<6, to: cache)
        #expect(try present(0..<6, in: open(folder)) == 6)
      }
    }
  }

  @Test func everyDamagedByteOfARecordCostsThatRecordOnly() throws {
    try Fixture.withTemporaryFolder { folder in
      try append(0..<3, to: open(folder))
      let path = "\(folder)/\(configuration.cacheName).index"
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for position in 64..<128 {
        var damaged = whole
        damaged[65536 + position] ^= 0x40
        try damaged.write(to: URL(fileURLWithPath: path))
        let cache = try open(folder)
        #expect(cache.count == 2, "byte \(position)")
        #expect(try present(0..<3, in: cache) == 2)
        #expect(try CacheProbe.append(1, to: cache).index == 3)
        #expect(try present(0..<3, in: open(folder)) == 3)
      }
    }
  }

  @Test func pixelsThatAPowerFailureTookAreNoticed() throws {
    try Fixture.withTemporaryFolder { folder in
      try append(0..<4, to: open(folder))
      let path = "\(folder)/\(configuration.cacheName).pixels"
      var pixels = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(pixels.count == 4 * 75)
      pixels[75 + 10] ^= 1
      try pixels.dropLast(1).write(to: URL(fileURLWithPath: path))
      let cache = try open(folder)
      #expect(cache.count == 2)
      #expect(try present(0..<4, in: cache) == 2)
      try append(0..<4, to: cache)
      #expect(try present(0..<4, in: open(folder)) == 4)
    }
  }

  @Test func synchronisedPixelsAreNotReadOnOpening() throws {
    try Fixture.withTemporaryFolder { folder in
      let cache = try open(folder)
      try append(0..<2, to: cache)
      try cache.synchronize()
      let path = "\(folder)/\(configuration.cacheName).pixels"
      var pixels = try Data(contentsOf: URL(fileURLWithPath: path))
      pixels[3] ^= 1
      try pixels.write(to: URL(fileURLWithPath: path))
      // It trusts them, but never beyond the end of the file.
      #expect(try open(folder).count == 2)
      try pixels.dropLast(1).write(to: URL(fileURLWithPath: path))
      #expect(try open(folder).count == 1)
    }
  }

  @Test func creationThatWasCutOffStartsAnew() throws {
    for leftover in [Data(), Data(count: 100), Data(count: 65536)] {
      try Fixture.withTemporaryFolder { folder in
        let path = "\(folder)/\(configuration.cacheName).index"
        try leftover.write(to: URL(fileURLWithPath: path))
        try append(0..<2, to: open(folder))
        #expect(try open(folder).count == 2)
      }
    }
  }

  @Test func otherFilesAreNotTouched() throws {
    try Fixture.withTemporaryFolder { folder in
      let url = URL(fileURLWithPath: "\(folder)/\(configuration.cacheName).index")
      let letter = Data(repeating: 0x41, count: 70_000)
      try letter.write(to: url)
      let error = #expect(throws: CacheError.self) { try open(folder) }
      #expect(error?.description.contains(url.path) == true)
      #expect(try Data(contentsOf: url) == letter)
      // The index of another configuration under this one's name.
      try FileManager.default.removeItem(at: url)
      _ = try ThumbnailCache(folder: folder, configuration: .init(edgePixels: 9))
      try FileManager.default.moveItem(atPath: "\(folder)/crop-9-v1.index", toPath: url.path)
      let mixed = #expect(throws: CacheError.self) { try open(folder) }
      #expect(mixed?.description.contains("crop-9-v1") == true)
    }
  }

  @Test func folderThatCannotBeMadeIsNamed() throws {
    try Fixture.withTemporaryFolder { folder in
      try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
      let error = #expect(throws: CacheError.self) { try open("\(folder)/file/cache") }
      #expect(error?.description.contains("\(folder)/file/cache") == true)
      #expect(error?.description.contains("Not a directory") == true)
    }
  }

  @Test func sourceIsRememberedUntilItChanges() throws {
    try Fixture.withTemporaryFolder { folder in
      func source(_ time: Int64, member: String? = "a.jpg") -> SourceIdentity {
        SourceIdentity(
          path: "shard.tar", member: member, offset: 512, length: 100,
          modificationNanoseconds: time, fileByteCount: 4096)
      }
      let cache = try open(folder)
      let thumbnail = try CacheProbe.append(1, to: cache)
      try cache.remember(source(5), as: thumbnail)
      for cache in [cache, try open(folder)] {
        #expect(try cache.thumbnail(of: source(5)) == thumbnail)
        #expect(try cache.thumbnail(of: source(6)) == nil)
        #expect(try cache.thumbnail(of: source(5, member: nil)) == nil)
      }
      // A thumbnail that a power failure took is forgotten with its source.
      let pixels = URL(fileURLWithPath: "\(folder)/\(configuration.cacheName).pixels")
      try Data().write(to: pixels)
      let emptied = try open(folder)
      #expect(try emptied.thumbnail(of: source(5)) == nil)
      try emptied.remember(source(5), as: CacheProbe.append(1, to: emptied))
      #expect(try open(folder).thumbnail(of: source(5))?.digest == thumbnail.digest)
    }
  }
}
