import AuditPixels
import Foundation
import TestSupport

/// Files of the repository that tests read.
enum Fixture {
  /// An image made by Fixtures/images/make.py.
  static func image(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Repository.fixture("images/\(name)")))
  }

  static func golden(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Repository.golden(name)))
  }

  /// What an image must decode to: a binary PPM.
  static func expected(_ name: String) throws -> Bitmap {
    let bytes = try image("\(name).ppm")
    let fields = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 3)
    let size = String(decoding: fields[1], as: UTF8.self).split(separator: " ").compactMap {
      Int($0)
    }
    return Bitmap(width: size[0], height: size[1], pixels: Array(fields[3]))
  }

  static func imageNames(_ suffix: String) throws -> [String] {
    try FileManager.default
      .contentsOfDirectory(atPath: Repository.fixture("images").path)
      .filter { $0.hasSuffix(suffix) }.sorted()
  }

  /// A folder that is removed when `body` returns.
  static func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try body(folder.path) }
  }
}

extension Bitmap {
  /// The largest difference of two bitmaps of one size.
  func largestDifference(to other: Bitmap) -> Int {
    zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  /// The mean absolute difference of two bitmaps of one size.
  func meanDifference(to other: Bitmap) -> Double {
    let sum = zip(pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(pixels.count)
  }
}
