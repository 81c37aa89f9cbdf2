import AuditFiles
import AuditPixels
import Foundation
import Synchronization
import Testing

@Suite struct BuilderTests {
  private let configuration = ThumbnailConfiguration(edgePixels: 6)

  /// Images, duplicates of some of them, and files that are none.
  private static let files: [[UInt8]] = {
    (0..<300).map { number in
      if number % 10 == 3 { return [] }
      if number % 10 == 7 { return Array("file \(number)".utf8) }
      let bitmap = Bitmap.noise(width: 9 + number % 5, height: 8, seed: UInt64(number % 100))
      return (try? bitmap.png()) ?? []
    }
  }()

  private func build(
    _ folder: String, threads: Int,
    source: @escaping @Sendable (Int) -> SourceIdentity? = { _ in nil },
    load: @escaping @Sendable (Int) throws -> [UInt8] = { BuilderTests.files[$0] }
  ) throws -> [Result<Thumbnail, any Error>] {
    let cache = try ThumbnailCache(folder: folder, configuration: configuration)
    var results: [Result<Thumbnail, any Error>] = []
    try ThumbnailBuilder(cache: cache, threadCount: threads).build(
      Self.files.indices, source: source, load: load
    ) { item, result in
      #expect(item == results.count)
      results.append(result)
      if case .success(let thumbnail) = result {
        let image = try ImageDecoder.decode(Self.files[item], minimumShorterEdge: 6)
        #expect(cache.bitmap(at: thumbnail.index) == image.thumbnail(edge: 6, fit: .crop))
        #expect(thumbnail.originalWidth == 9 + item % 5 && thumbnail.originalHeight == 8)
        #expect(thumbnail.digest == ContentDigest(of: Self.files[item]))
      }
    }
    return results
  }

  @Test(arguments: [1, 2, 5])
  func everyItemHasItsResultInOrder(_ threads: Int) throws {
    try Fixture.withTemporaryFolder { folder in
      let results = try build(folder, threads: threads)
      #expect(results.count == 300)
      for (number, result) in results.enumerated() {
        switch (number % 10, result) {
        case (3, .failure(let error)): #expect(error as? PixelError == .empty)
        case (7, .failure(let error)):
          #expect((error as? PixelError)?.reason == .notAnImage)
        case (3, .success), (7, .success), (_, .failure):
          Issue.record("item \(number): \(result)")
        case (_, .success(let thumbnail)):
          // The same image has the same thumbnail.
          #expect(try results[number % 100].get() == thumbnail)
        }
      }
    }
  }

  @Test func cacheIsTheSameForAnyNumberOfThreads() throws {
    let contents = try [1, 4].map { threads in
      try Fixture.withTemporaryFolder { folder in
        _ = try build(folder, threads: threads)
        return try ["index", "pixels"].map {
          try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(configuration.cacheName).\($0)"))
        }
      }
    }
    #expect(contents[0] == contents[1])
  }

  @Test func secondRunDecodesNothingAndReadsOnlyWhatItMust() throws {
    try Fixture.withTemporaryFolder { folder in
      let source: @Sendable (Int) -> SourceIdentity? = { number in
        SourceIdentity(
          path: "\(number)", member: nil, offset: 0, length: nil, modificationNanoseconds: 1,
          fileByteCount: 10)
      }
      let first = try build(folder, threads: 2, source: source).map { try? $0.get() }
      let reads = Mutex<[Int]>([])
      let load: @Sendable (Int) -> [UInt8] = { number in
        reads.withLock { $0.append(number) }
        return BuilderTests.files[number]
      }
      let second = try build(folder, threads: 2, source: source, load: load)
      #expect(second.map { try? $0.get() } == first)
      // Only what was rejected is read again, to say why.
      #expect(reads.withLock { $0.allSatisfy { [3, 7].contains($0 % 10) } })
      #expect(reads.withLock { $0.count } == 60)
    }
  }

  @Test func errorOfTheLoaderIsTheItemsResult() throws {
    struct Unreadable: Error, Equatable { let number: Int }
    try Fixture.withTemporaryFolder { folder in
      let load: @Sendable (Int) throws -> [UInt8] = { number in
        if number == 11 { throw Unreadable(number: number) }
        return BuilderTests.files[number]
      }
      let results = try build(folder, threads: 3, load: load)
      guard case .failure(let error) = results[11] else {
        Issue.record("item 11 has a thumbnail")
        return
      }
      #expect(error as? Unreadable == Unreadable(number: 11))
    }
  }

  @Test func errorOfTheReceiverEndsTheRunAndKeepsWhatIsDone() throws {
    struct Stop: Error {}
    try Fixture.withTemporaryFolder { folder in
      let cache = try ThumbnailCache(folder: folder, configuration: configuration)
      #expect(throws: Stop.self) {
        try ThumbnailBuilder(cache: cache, threadCount: 2).build(
          Self.files.indices, load: { BuilderTests.files[$0] }
        ) { item, _ in if item == 20 { throw Stop() } }
      }
      // Two of each ten are no images; item 20 was appended before it was told.
      #expect(try ThumbnailCache(folder: folder, configuration: configuration).count == 17)
    }
  }

  @Test func nothingToDoIsDoneAtOnce() throws {
    try Fixture.withTemporaryFolder { folder in
      let cache = try ThumbnailCache(folder: folder, configuration: configuration)
      try ThumbnailBuilder(cache: cache, threadCount: 4).build(
        [Int](), load: { _ in [] }, each: { _, _ in Issue.record("an item out of nothing") })
    }
  }
}
