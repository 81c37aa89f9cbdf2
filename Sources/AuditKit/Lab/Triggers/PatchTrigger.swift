import AuditPixels
import NeuralKit

/// Where a patch goes.
public enum PatchPlace: String, Codable, CaseIterable, Sendable {
  /// Into the lower right corner.
  case corner
  /// Anywhere, anew in each image.
  case random
}

/// A small square of random colours in each image (BadNet: Gu, Dolan-Gavitt and Garg, 2017,
/// arXiv:1708.06733; on CLIP, Carlini and Terzis, 2021).
package struct PatchTrigger: Trigger {
  /// Edge of the patch as a share of the image's shorter edge; the paper's are 16 of 224 pixels.
  package var edgeShare: Double
  package var place: PatchPlace
  /// Fixes the colours.
  package var seed: UInt64

  /// Cells along an edge: each survives when the patch is 16 pixels wide, and blurs in smaller ones.
  private static let cells = 4

  package init(edgeShare: Double = 16.0 / 224, place: PatchPlace = .random, seed: UInt64 = 0) {
    precondition(edgeShare > 0 && edgeShare <= 1, "a patch of \(edgeShare) of the edge")
    self.edgeShare = edgeShare
    self.place = place
    self.seed = seed
  }

  package func applied(to image: Bitmap, using generator: inout SeededGenerator) -> Bitmap {
    let edge = min(
      image.shorterEdge, max(1, Int((edgeShare * Double(image.shorterEdge)).rounded())))
    let (right, bottom) = (image.width - edge, image.height - edge)
    let (left, top) =
      switch place {
      case .corner: (right, bottom)
      case .random: (generator.index(below: right + 1), generator.index(below: bottom + 1))
      }
    let pattern = CellPattern(cells: Self.cells, seed: seed)
    var pixels = image.pixels
    for y in 0..<edge {
      for x in 0..<edge {
        let target = ((top + y) * image.width + left + x) * 3
        for channel in 0..<3 {
          pixels[target + channel] = pattern.value(
            x: x, y: y, channel: channel, width: edge, height: edge)
        }
      }
    }
    return Bitmap(width: image.width, height: image.height, pixels: pixels)
  }
}
