import AuditPixels
import Foundation
import Testing

@Suite struct GIFTests {
  @Test func everyVariantDecodesExactly() throws {
    let names = try Fixture.imageNames(".gif")
    #expect(names.count == 13)
    for name in names {
      let image = try ImageDecoder.decode(Fixture.image(name))
      let expected = try Fixture.expected(name.replacing(".gif", with: ""))
      #expect(image.kind == .gif)
      #expect(image.reduction == 1)
      #expect(image.originalWidth == expected.width && image.originalHeight == expected.height)
      #expect(image.bitmap == expected, "\(name)")
    }
  }

  @Test func frameIsPlacedOnAWhiteScreen() throws {
    let image = try ImageDecoder.decode(Fixture.image("gif-offset.gif")).bitmap
    #expect(image.width == 24 && image.height == 17)
    // The frame starts in row 3, at column 5.
    let rows = image.pixels[..<(24 * 3 * 3)]
    #expect(rows.allSatisfy { $0 == 255 })
    #expect(image.pixels.contains { $0 != 255 })
  }

  @Test func tableWithoutAPixelsColourIsCorrupt() throws {
    var bytes = try Fixture.image("gif-transparent-outside-table.gif")
    // The flags of the graphic control extension, which stands behind a table of eight colours.
    let flags = 13 + 8 * 3 + 3
    #expect(bytes[flags] == 1)
    bytes[flags] = 0
    #expect(try reason(bytes) == .corruptImage)
  }

  @Test func imageWithoutAnyTableIsUnsupported() throws {
    var bytes = try Fixture.image("gif-87a.gif")
    bytes[10] &= 0x7F
    bytes.removeSubrange(13..<(13 + 16 * 3))
    #expect(try reason(bytes) == .unsupportedImage)
  }

  @Test func fileWithoutAnImageIsCorrupt() throws {
    let bytes = Array(try Fixture.image("gif-87a.gif").prefix(13 + 16 * 3))
    #expect(try reason(bytes + [0x3B]) == .corruptImage)
    #expect(try reason(bytes + [0x21, 0xFE, 1, 65, 0, 0x3B]) == .corruptImage)
    #expect(try reason(bytes) == .truncatedImage)
  }

  @Test func damagedStructureIsCorrupt() throws {
    let bytes = try Fixture.image("gif-87a.gif")
    let frame = 13 + 16 * 3
    // Another block; no width; no height; codes of nine bits; a block behind the frame that is none.
    let changes: [(Int, UInt8)] = [
      (frame, 0), (frame + 5, 0), (frame + 7, 0), (frame + 10, 9), (bytes.count - 1, 0x55),
    ]
    for (place, byte) in changes {
      var changed = bytes
      changed[place] = byte
      #expect(try reason(changed) == .corruptImage, "byte \(place)")
    }
  }

  /// Where the blocks end properly, only the coder can tell that its data end early.
  ///
  /// The last byte may hold no more than the end code.
  @Test func missingDataInWholeBlocksNeverShow() throws {
    let bytes = try Fixture.image("gif-87a.gif")
    let whole = try ImageDecoder.decode(bytes).bitmap
    let data = 13 + 16 * 3 + 11
    let count = Int(bytes[data])
    #expect(data + 1 + count + 2 == bytes.count)
    var complete = 0
    for kept in 0..<count {
      let block = kept > 0 ? [UInt8(kept)] + bytes[(data + 1)..<(data + 1 + kept)] : []
      do throws(PixelError) {
        let cut = bytes[..<data] + block + [0, 0x3B]
        #expect(try ImageDecoder.decode(Array(cut)).bitmap == whole, "\(kept) of \(count) bytes")
        complete += 1
      } catch {
        #expect(error.reason == .corruptImage, "\(kept) of \(count) bytes: \(error)")
      }
    }
    #expect(complete < 2)
  }

  @Test func limitsAreKept() throws {
    // Three bytes of the result for each pixel, and one more of an interlaced frame.
    for (name, bytesPerPixel) in [("gif-89a", 3), ("gif-interlaced", 4)] {
      let bytes = try Fixture.image("\(name).gif")
      let pixels = 48 * 40
      var limits = ImageLimits()
      limits.maximumPixels = pixels
      limits.maximumMemoryBytes = pixels * bytesPerPixel
      #expect(try reason(bytes, limits: limits) == .imageTooLarge, "\(name)")
      // Two rows of the screen, and one of the frame.
      limits.maximumMemoryBytes += 48 * 3 * 2 + 48 + 1
      #expect(throws: Never.self) { try ImageDecoder.decode(bytes, limits: limits) }
      limits.maximumPixels -= 1
      #expect(try reason(bytes, limits: limits) == .imageTooLarge, "\(name)")
    }
  }

  @Test(arguments: [6, 13 + 16 * 3 + 5])
  func smallFileThatClaimsToBeHugeCostsNothing(_ place: Int) throws {
    // The screen, and the frame.
    var bytes = try Fixture.image("gif-87a.gif")
    bytes.replaceSubrange(place..<(place + 4), with: [0xFF, 0xFF, 0xFF, 0xFF])
    for edge in [nil, 64] as [Int?] {
      #expect(try reason(bytes, edge: edge) == .imageTooLarge)
    }
  }

  private func reason(
    _ bytes: [UInt8], edge: Int? = nil, limits: ImageLimits = ImageLimits()
  ) throws -> PixelError.Reason? {
    let error = #expect(throws: PixelError.self) {
      try ImageDecoder.decode(bytes, minimumShorterEdge: edge, limits: limits)
    }
    return error?.reason
  }
}
