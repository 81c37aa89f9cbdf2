import AuditPixels
import Foundation
import NeuralKit
import Testing
import TestSupport

/// Decoding at a fraction of the size, against decoding in full.
@Suite struct ReductionTests {
  @Test(arguments: [(16, 8), (32, 4), (64, 2), (78, 2), (79, 1), (300, 1)])
  func jpegIsReducedAsFarAsTheMarginAllows(_ edge: Int, _ reduction: Int) throws {
    let image = try ImageDecoder.decode(Fixture.image("large.jpg"), minimumShorterEdge: edge)
    #expect(image.reduction == reduction)
    #expect(image.originalWidth == 416 && image.originalHeight == 312)
    #expect(image.bitmap.width == 416 / reduction && image.bitmap.height == 312 / reduction)
  }

  @Test(arguments: [
    ("images/large.jpg", 16), ("images/large.jpg", 64), ("golden/images/gray.jpg", 64),
    ("images/large.webp", 16), ("images/large.webp", 64),
  ])
  func thumbnailOfAReducedImageIsCloseToTheFullOne(_ path: String, _ edge: Int) throws {
    let bytes = Array(try Data(contentsOf: Repository.fixture(path)))
    let full = try ImageDecoder.decode(bytes)
    let reduced = try ImageDecoder.decode(bytes, minimumShorterEdge: edge)
    #expect(reduced.reduction > 1)
    for fit in ThumbnailFit.allCases {
      let expected = full.thumbnail(edge: edge, fit: fit)
      let thumbnail = reduced.thumbnail(edge: edge, fit: fit)
      #expect(thumbnail.meanDifference(to: expected) < 1.5)
      #expect(thumbnail.meanDifference(to: expected) > 0)
    }
  }

  @Test(arguments: [(40, 30, 5), (41, 33, 5), (17, 90, 4), (23, 23, 1), (7, 5, 3)])
  func reducedPNGIsTheMeanOfItsCells(_ width: Int, _ height: Int, _ edge: Int) throws {
    let bitmap = Bitmap.noise(width: width, height: height)
    let image = try ImageDecoder.decode(bitmap.png(), minimumShorterEdge: edge)
    let cell = max(min(width, height) / (2 * edge), 1)
    #expect(image.reduction == cell)
    #expect(image.originalWidth == width && image.originalHeight == height)
    #expect(image.bitmap == bitmap.means(ofCells: cell))
  }

  /// Alpha is composited before the mean is taken, and what a frame does not cover counts as white.
  @Test(arguments: [".png", ".webp", ".gif"], [1, 2])
  func everyImageIsReducedToTheMeansOfItsCells(_ kind: String, _ edge: Int) throws {
    // Turned images are averaged as they are stored.
    let names = try Fixture.imageNames(kind).filter { !$0.contains("orientation") }
    for name in names {
      let bytes = try Fixture.image(name)
      let full = try ImageDecoder.decode(bytes)
      let reduced = try ImageDecoder.decode(bytes, minimumShorterEdge: edge)
      #expect(reduced.reduction == max(full.bitmap.shorterEdge / (2 * edge), 1), "\(name)")
      #expect(reduced.originalWidth == full.bitmap.width, "\(name)")
      #expect(reduced.originalHeight == full.bitmap.height, "\(name)")
      #expect(reduced.bitmap == full.bitmap.means(ofCells: reduced.reduction), "\(name)")
    }
  }

  @Test(arguments: [(16, 9), (32, 4), (64, 2), (79, 1)])
  func webpIsReducedAsFarAsTheMarginAllows(_ edge: Int, _ reduction: Int) throws {
    let image = try ImageDecoder.decode(Fixture.image("large.webp"), minimumShorterEdge: edge)
    #expect(image.reduction == reduction)
    #expect(image.originalWidth == 416 && image.originalHeight == 312)
  }

  @Test func interlacedAndTransparentPNGsAreReducedAlike() throws {
    for name in try Fixture.imageNames("-interlaced.png") {
      let straight = name.replacing("-interlaced", with: "")
      let images = try [name, straight].map {
        try ImageDecoder.decode(Fixture.image($0), minimumShorterEdge: 1)
      }
      #expect(images[0].reduction == 3)
      #expect(images[0].bitmap == images[1].bitmap, "\(name)")
    }
  }

  @Test func reducedImageIsSampledWhereTheFullOneIs() throws {
    // A slope: a shift by a part of a pixel would show everywhere.
    let (width, height) = (601, 403)
    let pixels: [UInt8] = (0..<(width * height)).flatMap { position -> [UInt8] in
      [UInt8(position % width * 255 / width), UInt8(position / width * 255 / height), 128]
    }
    let bytes = try Bitmap(width: width, height: height, pixels: pixels).png()
    let full = try ImageDecoder.decode(bytes)
    let reduced = try ImageDecoder.decode(bytes, minimumShorterEdge: 31)
    #expect(reduced.reduction == 6)
    for fit in ThumbnailFit.allCases {
      let difference = reduced.thumbnail(edge: 31, fit: fit)
        .largestDifference(to: full.thumbnail(edge: 31, fit: fit))
      // A thumbnail's pixel spans 13 steps of the slope.
      #expect(difference <= 1)
    }
  }
}

extension Bitmap {
  /// Each cell's mean, halves rounded up; cells at the right and lower edge hold what is there.
  fileprivate func means(ofCells cell: Int) -> Bitmap {
    let rows = stride(from: 0, to: height, by: cell).map { $0..<min($0 + cell, height) }
    let columns = stride(from: 0, to: width, by: cell).map { $0..<min($0 + cell, width) }
    var means: [UInt8] = []
    for rows in rows {
      for columns in columns {
        for channel in 0..<3 {
          let values: [Int] = rows.flatMap { y -> [Int] in
            columns.map { x -> Int in Int(pixels[(y * width + x) * 3 + channel]) }
          }
          let mean = Double(values.reduce(0, +)) / Double(values.count)
          means.append(UInt8((mean + 0.5).rounded(.down)))
        }
      }
    }
    return Bitmap(width: columns.count, height: rows.count, pixels: means)
  }
}
