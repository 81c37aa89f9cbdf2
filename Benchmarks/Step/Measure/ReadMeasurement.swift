import AuditDump
import AuditKit
import AuditPixels
import AuditTraining
import Foundation

/// Measures the reading of a crawl: all records first, then the thumbnails.
struct ReadMeasurement {
  let crawl: String
  let threads: Int
  let edge: Int

  /// Reads twice; the cache lies in a temporary folder meanwhile.
  ///
  /// - Throws: What reading throws.
  func report() throws -> ReadReport {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("audit-benchmark-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try pass(folder.path)
    let second = try pass(folder.path)
    return ReadReport(
      crawl: crawl, threads: threads, pairs: first.pairs, rejected: first.rejected,
      first: first.times, second: second.times, peakMemoryBytes: PeakMemory.bytes)
  }

  private func pass(_ folder: String) throws -> (
    pairs: Int, rejected: Int, times: ReadReport.Pass
  ) {
    let cache = try ThumbnailCache(
      folder: folder, configuration: ThumbnailConfiguration(edgePixels: edge))
    let start = ContinuousClock.now
    var decodingStart = start
    let intake = try CrawlIntake(
      reader: Crawl.reader(for: crawl), files: ImageFiles(), cache: cache, threads: threads,
      stop: StopSignal()
    ) { event in
      if case .phase(.thumbnails) = event { decodingStart = .now }
    }
    let end = ContinuousClock.now
    return (
      intake.pairs.count, intake.rejections.count,
      ReadReport.Pass(
        indexSeconds: (decodingStart - start).seconds,
        thumbnailSeconds: (end - decodingStart).seconds)
    )
  }
}

/// What reading a crawl took.
struct ReadReport: Codable {
  var crawl: String
  var threads: Int
  var pairs: Int
  var rejected: Int
  /// With nothing in the cache.
  var first: Pass
  /// With all thumbnails there.
  var second: Pass
  /// Of the whole process, both passes.
  var peakMemoryBytes: Int

  struct Pass: Codable {
    var indexSeconds: Double
    var thumbnailSeconds: Double
  }

  var lines: [String] {
    func rate(_ seconds: Double) -> String { String(Int(Double(pairs) / max(seconds, 1e-9))) }
    return [
      "\(pairs) pairs, \(rejected) rejected, \(threads) threads",
      String(format: "index       %8.2f s  ", first.indexSeconds)
        + "\(rate(first.indexSeconds)) pairs/s",
      String(format: "thumbnails  %8.2f s  ", first.thumbnailSeconds)
        + "\(rate(first.thumbnailSeconds)) images/s",
      String(
        format: "again       %8.2f s  ", second.indexSeconds + second.thumbnailSeconds)
        + "all thumbnails there",
      "resident memory at most \(peakMemoryBytes >> 20) MiB",
    ]
  }
}
