import AuditDump
import AuditPixels
import NeuralKit

/// Makes the images of planted pairs from those of the crawl.
package struct ImageForge: Sendable {
  private let pairs: [Pair]
  private let files: ImageFiles
  private let jpegQuality: Int?

  /// What changed JPEGs are written with where no quality is asked for.
  private static let defaultQuality = 95

  package init(pairs: [Pair], files: ImageFiles = ImageFiles(), jpegQuality: Int? = nil) {
    self.pairs = pairs
    self.files = files
    self.jpegQuality = jpegQuality
  }

  /// A forged file, with the pixels before and after.
  package struct Forgery: Sendable {
    package let bytes: [UInt8]
    package let clean: Bitmap
    package let poisoned: Bitmap
  }

  /// The image of `planted`; `number` and `seed` fix what is random in it.
  ///
  /// An image that is not changed keeps its bytes; a changed one keeps its format.
  /// - Throws: `LabError.unreadableImage`.
  package func forge(
    _ planted: PlantedPair, number: Int, seed: UInt64
  ) throws(LabError) -> Forgery {
    let original = try bytes(of: planted.image)
    let clean = try bitmap(original, planted.image)
    var generator = SeededGenerator(seed: seed, 0xF0E6E, UInt64(number))
    let changed: Bitmap =
      switch planted.change {
      case .none: clean
      case .varied: clean.varied(using: &generator)
      case .triggered(let trigger, _): trigger.applied(to: clean, using: &generator)
      case .disguised(let disguise, let trigger, _):
        trigger.applied(to: disguise.applied(to: clean, using: &generator), using: &generator)
      case .interpolated(let other, let share):
        clean.blended(with: try bitmap(try bytes(of: other), other), share: share)
      }
    if case .none = planted.change, jpegQuality == nil {
      return Forgery(bytes: original, clean: clean, poisoned: clean)
    }
    let isJPEG = jpegQuality != nil || ImageKind(of: original) == .jpeg
    do throws(PixelError) {
      let bytes =
        isJPEG ? try changed.jpeg(quality: jpegQuality ?? Self.defaultQuality) : try changed.png()
      return Forgery(
        bytes: bytes, clean: clean, poisoned: try ImageDecoder.decode(bytes).bitmap)
    } catch {
      throw .unreadableImage(key: pairs[planted.image].key, reason: "\(error)")
    }
  }

  /// The image of a pair as it is.
  ///
  /// - Throws: `LabError.unreadableImage`.
  func bitmap(of pair: Int) throws(LabError) -> Bitmap { try bitmap(try bytes(of: pair), pair) }

  private func bytes(of pair: Int) throws(LabError) -> [UInt8] {
    do throws(ImageFileError) {
      return try files.bytes(of: pairs[pair].image)
    } catch {
      throw .unreadableImage(key: pairs[pair].key, reason: "\(error)")
    }
  }

  private func bitmap(_ bytes: [UInt8], _ pair: Int) throws(LabError) -> Bitmap {
    do throws(PixelError) {
      return try ImageDecoder.decode(bytes).bitmap
    } catch {
      throw .unreadableImage(key: pairs[pair].key, reason: "\(error)")
    }
  }
}

extension Bitmap {
  /// 85 to 100 % of each edge, a tenth brighter or darker: an attacker's copies that no hash finds.
  fileprivate func varied(using generator: inout SeededGenerator) -> Bitmap {
    let share = Double(generator.uniform(in: 0.85..<1))
    let (cropWidth, cropHeight) = (
      max(1, Int(share * Double(width))), max(1, Int(share * Double(height)))
    )
    let left = generator.index(below: width - cropWidth + 1)
    let top = generator.index(below: height - cropHeight + 1)
    let light = generator.uniform(in: 0.9..<1.1)
    var crop: [UInt8] = []
    crop.reserveCapacity(cropWidth * cropHeight * 3)
    for y in top..<top + cropHeight {
      for place in (y * width + left) * 3..<(y * width + left + cropWidth) * 3 {
        crop.append(UInt8(min(255, (Float(pixels[place]) * light).rounded())))
      }
    }
    return Bitmap(width: cropWidth, height: cropHeight, pixels: crop)
  }

  /// (1 - share) of this image and `share` of another, stretched to this size.
  fileprivate func blended(with other: Bitmap, share: Double) -> Bitmap {
    let fitted = other.resized(width: width, height: height)
    let mixed = zip(pixels, fitted.pixels).map { own, added in
      UInt8(((1 - share) * Double(own) + share * Double(added)).rounded())
    }
    return Bitmap(width: width, height: height, pixels: mixed)
  }
}
