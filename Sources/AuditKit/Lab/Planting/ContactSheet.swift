import AuditPixels

/// Images before and after an attack, and what differs, side by side.
package struct ContactSheet {
  private var rows: [Bitmap] = []

  /// Edge of a picture on the sheet.
  private static let edge = 128
  private static let gap = 8
  /// How much stronger differences are shown than they are.
  private static let gain = 4

  package init() {}

  /// Adds a row: clean, poisoned, and the difference, four times as strong, around mid grey.
  package mutating func add(clean: Bitmap, poisoned: Bitmap) {
    let (before, after) = (Self.fitted(clean), Self.fitted(poisoned))
    let difference = zip(before.pixels, after.pixels).map { old, new in
      UInt8(min(255, max(0, 128 + Self.gain * (Int(new) - Int(old)))))
    }
    let pictures = [
      before, after, Bitmap(width: Self.edge, height: Self.edge, pixels: difference),
    ]
    var canvas = Canvas(
      width: pictures.count * (Self.edge + Self.gap) - Self.gap, height: Self.edge)
    for (column, picture) in pictures.enumerated() {
      canvas.draw(picture, left: column * (Self.edge + Self.gap), top: 0)
    }
    rows.append(canvas.bitmap)
  }

  /// All rows one below the other; nil without any.
  package var bitmap: Bitmap? {
    guard let first = rows.first else { return nil }
    var canvas = Canvas(
      width: first.width, height: rows.count * (Self.edge + Self.gap) - Self.gap)
    for (row, bitmap) in rows.enumerated() {
      canvas.draw(bitmap, left: 0, top: row * (Self.edge + Self.gap))
    }
    return canvas.bitmap
  }

  /// As large as fits into a square, centred on white.
  private static func fitted(_ image: Bitmap) -> Bitmap {
    let longer = max(image.width, image.height)
    let small = image.resized(
      width: max(1, image.width * edge / longer), height: max(1, image.height * edge / longer))
    var canvas = Canvas(width: edge, height: edge)
    canvas.draw(small, left: (edge - small.width) / 2, top: (edge - small.height) / 2)
    return canvas.bitmap
  }
}

/// A white sheet to draw on.
private struct Canvas {
  let width: Int
  let height: Int
  private var pixels: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 255, count: width * height * 3)
  }

  var bitmap: Bitmap { Bitmap(width: width, height: height, pixels: pixels) }

  /// Puts `image` where it fits whole.
  mutating func draw(_ image: Bitmap, left: Int, top: Int) {
    for y in 0..<image.height {
      let target = ((top + y) * width + left) * 3
      let source = y * image.width * 3
      pixels.replaceSubrange(
        target..<target + image.width * 3, with: image.pixels[source..<source + image.width * 3])
    }
  }
}
