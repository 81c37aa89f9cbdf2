import AuditDump
import AuditPixels
import Foundation
import NeuralKit

/// Reads crawls in which one file was mutated.
struct CrawlFuzzing {
  private let files: [(path: String, bytes: [UInt8], crawl: String)]
  private let seed: UInt64
  private let workFolder: String
  private var (pairs, decoded, rejected, refused) = (0, 0, 0, 0)
  private var longest = Duration.zero

  /// Copies the crawls into a temporary folder.
  ///
  /// Of `folder/./list.csv` the folder is copied and mutated, and the list read.
  ///
  /// - Throws: What copying throws.
  init(crawls: [String], seed: UInt64) throws {
    self.seed = seed
    let memory = "/dev/shm"
    let base =
      FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
    workFolder = "\(base)/audit-fuzz-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: workFolder, withIntermediateDirectories: true)
    var files: [(path: String, bytes: [UInt8], crawl: String)] = []
    for (index, crawl) in crawls.enumerated() {
      let copy = "\(workFolder)/\(index)"
      let (folder, inside) = Self.parts(crawl)
      try FileManager.default.copyItem(atPath: folder, toPath: copy)
      for name in FileManager.default.subpaths(atPath: copy)?.sorted() ?? [] {
        let path = "\(copy)/\(name)"
        guard let bytes = FileManager.default.contents(atPath: path), !bytes.isEmpty else {
          continue
        }
        files.append((path, [UInt8](bytes), inside.map { "\(copy)/\($0)" } ?? copy))
      }
    }
    self.files = files
  }

  private static func parts(_ crawl: String) -> (folder: String, inside: String?) {
    guard let mark = crawl.range(of: "/./") else { return (crawl, nil) }
    return (String(crawl[..<mark.lowerBound]), String(crawl[mark.upperBound...]))
  }

  /// Mutates and reads until the time is over; tells the progress every half minute.
  ///
  /// - Throws: What a reader must not throw, and what writing throws.
  mutating func run(seconds: Double, tell: (String) -> Void) throws -> [String] {
    let clock = ContinuousClock()
    let start = clock.now
    var (number, told) = (UInt64(0), start)
    var (early, last) = (Footprint.now, start)
    while clock.now - start < .seconds(seconds), !files.isEmpty {
      try step(number)
      number += 1
      longest = max(longest, clock.now - last)
      last = clock.now
      if number == 1000 { early = Footprint.now }
      if last - told > .seconds(30) {
        told = last
        tell("\(number) crawls, seed \(seed): \(Footprint.now)")
      }
    }
    try FileManager.default.removeItem(atPath: workFolder)
    return [
      "\(number) damaged crawls: \(pairs) pairs, \(decoded) of their images decoded, \(rejected) rejections, "
        + "\(refused) refused as a whole",
      "longest \(longest); after 1000 crawls \(early), at the end \(Footprint.now)",
    ]
  }

  private mutating func step(_ number: UInt64) throws {
    var random = SeededGenerator(seed: seed, number)
    let file = files[random.index(below: files.count)]
    try Data(Self.mutated(file.bytes, using: &random)).write(to: URL(filePath: file.path))
    defer { try? Data(file.bytes).write(to: URL(filePath: file.path)) }
    let images = ImageFiles()
    do {
      try Crawl.reader(for: file.crawl).read { record in
        guard case .pair(let pair) = record else {
          rejected += 1
          return
        }
        pairs += 1
        guard let bytes = try? images.bytes(of: pair.image),
          (try? ImageDecoder.decode(bytes, minimumShorterEdge: 16)) != nil
        else { return }
        decoded += 1
      }
    } catch is DumpError {
      refused += 1
    }
  }

  private static func mutated(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.index(below: 6) where !bytes.isEmpty {
      let place = random.index(below: bytes.count)
      switch random.index(below: 6) {
      case 0: bytes[place] ^= 1 << UInt8(random.index(below: 8))
      case 1: bytes[place] = UInt8(random.index(below: 256))
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(bytes[random.index(below: bytes.count)], at: place)
      case 4: bytes.removeSubrange(place..<min(bytes.count, place + random.index(below: 1024)))
      default: bytes.removeLast(random.index(below: bytes.count - place))
      }
    }
    return bytes
  }
}

/// What the process holds.
private struct Footprint: CustomStringConvertible {
  let descriptors: Int
  let residentBytes: Int

  static var now: Footprint {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ")
    let pages = fields.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return Footprint(descriptors: names.count, residentBytes: pages * Int(getpagesize()))
  }

  var description: String { "\(descriptors) descriptors, \(residentBytes >> 20) MiB" }
}
