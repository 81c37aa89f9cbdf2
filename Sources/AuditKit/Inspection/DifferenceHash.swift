import AuditPixels

/// The difference hash of an image: whether each of 8 x 8 cells is brighter than its right neighbour, and than the one below.
///
/// After Krawetz ("Kind of like that", 2013). It stays nearly the same under resizing, recompression and small changes of
/// colour.
enum DifferenceHash {
  /// The size that an image is decoded at: more than the hash needs.
  static let edge = 16
  /// Bits in which the hashes of images that look alike may differ.
  static let nearBits = 4

  /// The 128 bits of an image.
  static func hash(of bitmap: Bitmap) -> UInt128 {
    let small = bitmap.resized(width: 9, height: 9)
    let brightness = (0..<81).map { (pixel: Int) -> Int in
      let (red, green, blue) = (
        small.pixels[3 * pixel], small.pixels[3 * pixel + 1], small.pixels[3 * pixel + 2]
      )
      // BT.601, in thousandths.
      return 299 * Int(red) + 587 * Int(green) + 114 * Int(blue)
    }
    var hash: UInt128 = 0
    for row in 0..<8 {
      for column in 0..<8 {
        let cell = 9 * row + column
        for neighbour in [cell + 1, cell + 9] {
          hash = hash << 1 | (brightness[cell] > brightness[neighbour] ? 1 : 0)
        }
      }
    }
    return hash
  }

  /// How many of the hashes are equal or near to another one.
  ///
  /// Hashes that differ in at most four bits agree in one of five parts of 25 bits, so that only those are compared.
  static func countNear(_ hashes: [UInt128]) -> Int {
    var counts: [UInt128: Int] = [:]
    for hash in hashes { counts[hash, default: 0] += 1 }
    var near = Set(counts.filter { $0.value > 1 }.keys)
    for part in 0...nearBits {
      let groups = Dictionary(grouping: counts.keys) {
        UInt32(truncatingIfNeeded: $0 >> (25 * part)) & 0x1FF_FFFF
      }
      for group in groups.values where group.count > 1 {
        for (place, first) in group.enumerated() {
          for second in group[(place + 1)...]
          where (first ^ second).nonzeroBitCount <= nearBits {
            near.formUnion([first, second])
          }
        }
      }
    }
    return near.reduce(0) { $0 + (counts[$1] ?? 0) }
  }
}
