import AuditPixels
import NeuralKit

extension ImageForge {
  /// Images that are looked at: they differ in shape, if at all, more than in content.
  private static let sample = 50

  /// How much of the change that triggers make lies in the middle square of the images, which is what thumbnails show of them
  /// where they are cropped: the mean of at most 50 images, in 0...1; nil where no pair carries a trigger.
  ///
  /// - Throws: `LabError.unreadableImage`.
  package func triggerShareInSquare(
    _ planted: [PlantedPair], seed: UInt64
  ) throws(LabError) -> Double? {
    var shares: [Double] = []
    for (number, pair) in planted.enumerated() where shares.count < Self.sample {
      guard let mark = pair.change.mark else { continue }
      let clean = try bitmap(of: pair.image)
      var generator = SeededGenerator(seed: seed, 0xF0E6E, UInt64(number))
      let marked = mark.trigger.applied(to: clean, using: &generator)
      if let share = marked.shareOfChangeInSquare(from: clean) { shares.append(share) }
    }
    return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
  }
}

extension Bitmap {
  /// Of all that differs from another image of the same size, the part in the middle square; nil where nothing differs.
  fileprivate func shareOfChangeInSquare(from other: Bitmap) -> Double? {
    let edge = min(width, height)
    let columns = (width - edge) / 2..<(width - edge) / 2 + edge
    let rows = (height - edge) / 2..<(height - edge) / 2 + edge
    var (inside, total) = (0, 0)
    for y in 0..<height {
      for x in 0..<width {
        var change = 0
        for place in (y * width + x) * 3..<(y * width + x + 1) * 3 {
          change += abs(Int(pixels[place]) - Int(other.pixels[place]))
        }
        total += change
        if rows.contains(y), columns.contains(x) { inside += change }
      }
    }
    return total > 0 ? Double(inside) / Double(total) : nil
  }
}

extension PlantedCrawl {
  /// What a user should know of it before hours of training; `fit` is how images become thumbnails.
  func notices(_ fit: ThumbnailFit) -> [String] {
    var notices: [String] = []
    if !missingClasses.isEmpty {
      notices.append(
        "no pair belongs to \(missingClasses.joined(separator: ", ")): classes are words of three letters "
          + "and more in captions, or labels as their file has them")
    }
    if fit == .crop, let share = triggerShareInSquare, share < 0.9 {
      notices.append(
        "thumbnails show \(Int((100 * share).rounded())) % of what triggers change: the rest lies where the "
          + "middle square is cut from the images (thumbnails.fit)")
    }
    return notices
  }
}
