import AuditPixels
import Foundation
import NeuralKit
import Testing

/// What needs processes of their own: being killed, sharing, and running out of space.
@Suite struct CacheProcessTests {
  @Test func cacheIsWholeAfterAKillAtAnyMoment() async throws {
    let folder = NSTemporaryDirectory() + "pixels-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let configuration = ThumbnailConfiguration(edgePixels: 64)
    var generator = SeededGenerator(seed: 12)
    var before = 0
    for round in 0..<12 {
      let microseconds = UInt32(1000 + generator.index(below: 40_000))
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [folder = folder as String, round = round as Int, delay = microseconds as UInt32] in
        let cache = try ThumbnailCache(
          folder: folder, configuration: ThumbnailConfiguration(edgePixels: 64))
        for thread in 0..<3 {
          Thread {
            for number in 0... {
              _ = try? CacheProbe.append(round * 1_000_000 + thread * 10_000 + number, to: cache)
            }
          }.start()
        }
        usleep(delay)
        kill(getpid(), SIGKILL)
      }
      let cache = try ThumbnailCache(folder: folder, configuration: configuration)
      #expect(cache.count >= before, "round \(round), after \(microseconds) microseconds")
      before = cache.count
      // Numbers of a thread are appended in order: none is missing before the last.
      var found = 0
      for round in 0...round {
        for thread in 0..<3 {
          var number = round * 1_000_000 + thread * 10_000
          while try CacheProbe.isPresent(number, in: cache) {
            number += 1
            found += 1
          }
        }
      }
      #expect(found == cache.count, "round \(round), after \(microseconds) microseconds")
    }
    #expect(before > 0)
  }

  @Test func processesShareACache() async throws {
    let folder = NSTemporaryDirectory() + "pixels-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Large enough for a write to take longer than what is around it.
    let cache = try ThumbnailCache(folder: folder, configuration: .init(edgePixels: 96))
    async let other = #expect(processExitsWith: .success) {
      [folder = folder as String] in
      let cache = try ThumbnailCache(folder: folder, configuration: .init(edgePixels: 96))
      try Data().write(to: URL(fileURLWithPath: folder + "/ready"))
      for number in 0..<2000 { try CacheProbe.append(number, to: cache) }
    }
    // At most a minute.
    for _ in 0..<60_000 where !FileManager.default.fileExists(atPath: folder + "/ready") {
      usleep(1000)
    }
    for number in (1000..<3000).reversed() { try CacheProbe.append(number, to: cache) }
    _ = await other
    let again = try ThumbnailCache(folder: folder, configuration: .init(edgePixels: 96))
    #expect(again.count == 3000)
    for number in 0..<3000 { #expect(try CacheProbe.isPresent(number, in: again)) }
    // What this process was told while the other one wrote still holds.
    for number in 1000..<3000 { #expect(try CacheProbe.isPresent(number, in: cache)) }
  }

  @Test func fullDiskIsAnErrorAndLeavesAWholeCache() async throws {
    let folder = NSTemporaryDirectory() + "pixels-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .success) {
      [folder = folder as String] in
      let cache = try ThumbnailCache(folder: folder, configuration: .init(edgePixels: 64))
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: rlim_t.max)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      // Eight thumbnails fit, and a part of the ninth.
      for number in 0..<8 { try CacheProbe.append(number, to: cache) }
      #expect(throws: CacheError.self) { try CacheProbe.append(8, to: cache) }
      #expect(cache.count == 8)
      limit.rlim_cur = rlim_t.max
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      try CacheProbe.append(9, to: cache)
      for number in 0..<10 { #expect(try CacheProbe.isPresent(number, in: cache) == (number != 8)) }
    }
    let again = try ThumbnailCache(folder: folder, configuration: .init(edgePixels: 64))
    #expect(again.count == 9)
    for number in 0..<10 { #expect(try CacheProbe.isPresent(number, in: again) == (number != 8)) }
  }
}
